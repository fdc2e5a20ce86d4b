"""Shows a watch of a live server as lines, as a table, or as a dashboard."""
