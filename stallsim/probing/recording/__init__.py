"""A probe as a timeline, in the records of a run: for the dashboard and for recordings."""
