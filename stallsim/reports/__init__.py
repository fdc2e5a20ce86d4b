"""Writes the results of a run, a probe, a watch, a fleet or a matrix to files in common formats."""
