"""The dashboard as a pure function: a timeline, a tick and a size in, a frame out."""
