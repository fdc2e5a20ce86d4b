"""What a user may ask of a probe, on the command line, in Python or in a test; it becomes a spec here."""
