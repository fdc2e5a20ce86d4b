"""Processes that we start: our own modules, isolated, and somebody's program under a subreaper."""
