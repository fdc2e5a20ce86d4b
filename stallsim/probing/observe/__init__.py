"""Readings during a stall: both kernels, the server's processes, and the Pongs of the witness."""
