"""Somebody's server as processes: started, or found by its socket; their memory."""
