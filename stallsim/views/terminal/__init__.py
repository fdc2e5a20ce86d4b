"""The dashboard on a terminal: its screen, its keys, and who moves its time."""
