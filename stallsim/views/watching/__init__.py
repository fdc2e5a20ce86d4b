"""A watch of a live server, as lines, as a table, and as a dashboard."""
