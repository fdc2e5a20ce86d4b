"""Judges a run: its expectations, bounds and growth, and the result that machines read."""
