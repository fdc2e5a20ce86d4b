"""Anybody's server as the thing under test: found, started, watched from outside, and judged."""
