"""A fleet over time: its table, its histograms, and the dashboard."""
