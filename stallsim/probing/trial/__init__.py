"""One stall, step by step: a baseline, the stall, the wake, what remains."""
