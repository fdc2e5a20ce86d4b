"""Records a watch in the same format as a run or a probe, for ``stallsim replay``."""
