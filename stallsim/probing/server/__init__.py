"""Somebody's server as processes: started by us, or found by its socket; and their memory."""
