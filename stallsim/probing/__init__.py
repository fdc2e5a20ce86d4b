"""Probing a server of any kind: stall a client from outside, watch the server, and judge it.

``probe`` in ``probing.probe`` is the entry point; it takes a ``ProbeSpec`` and returns a ``ProbeResult``.
"""
