"""Starts processes: modules of stallsim, isolated, and users' programs under a subreaper."""
