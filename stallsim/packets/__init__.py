"""Writes the packets of a run or a probe to a file for Wireshark, with phases and events as comments."""
