"""Records a probe in a timeline, for the dashboard and for recordings."""
