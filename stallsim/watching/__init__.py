"""Watches a live server: which connections have stopped reading, since when, and what they cost."""
