"""A run, a probe and a matrix, each put into the parts of an account."""
