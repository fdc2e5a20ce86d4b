"""The clients of a probe: connected to somebody's server, they read only as they are told to."""
