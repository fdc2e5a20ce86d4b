"""Reads both kernels, the server's processes, and the witness's Pongs during a stall."""
