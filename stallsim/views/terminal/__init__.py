"""The dashboard on a terminal: the screen, the keys, and the passing of time."""
