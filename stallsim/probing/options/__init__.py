"""The options of a probe, as given on the command line, in Python or in a test; they become a spec here."""
