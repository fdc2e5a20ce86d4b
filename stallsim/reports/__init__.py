"""Reports as files: what a run, a probe or a matrix found, in a format that others can open."""
