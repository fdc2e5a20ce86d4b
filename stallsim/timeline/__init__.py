"""What happened: readings and events, kept in bounded memory, written to a file, counted."""
