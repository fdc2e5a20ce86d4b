"""Figures for a monitoring system: families of metrics, served over HTTP or written to a file.

Whoever has figures says them as a list of ``Family``; it knows nothing of formats. A label has few values,
and never a peer's: each value is a time series of its own for as long as the monitoring system remembers.
"""
