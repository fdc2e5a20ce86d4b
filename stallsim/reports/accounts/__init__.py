"""Makes the account of a run, a probe, a watch, a fleet or a matrix."""
