"""Somebody's live server: which of its connections has stopped reading, since when, and what it costs."""
