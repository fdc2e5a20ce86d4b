"""What it comes to: expectations, bounds and growth, and the result that machines read."""
