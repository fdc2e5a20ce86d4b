"""Records what happens: readings and events, kept in bounded memory, written to a file, and counted."""
