"""Executes a scenario on real sockets and records it in a timeline; the program's composition root."""
