"""The steps of one stall: a baseline, the stall, the wake, and what is left afterwards."""
