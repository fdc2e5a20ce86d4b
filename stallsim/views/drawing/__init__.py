"""The dashboard as a pure function from a timeline, a tick and a size to a frame."""
