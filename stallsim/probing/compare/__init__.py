"""Comparing the two streams of one stall, message by message."""
