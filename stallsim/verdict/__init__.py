"""What a run comes to: its expectations, bounds and growth, and the result that machines read."""
