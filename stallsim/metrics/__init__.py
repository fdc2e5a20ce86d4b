"""Figures for a monitoring system: families of metrics, served over HTTP or written to a file.

A source of figures makes a list of ``Family`` and knows no formats. A label has few values, and never a
peer's, since each value is a time series of its own as long as the monitoring system keeps it.
"""
