"""The composition root: turns a scenario into a timeline on real sockets."""
