"""A watch as a recording: of the same format as a run's and a probe's, for ``stallsim replay``."""
