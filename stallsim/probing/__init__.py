"""Anybody's server as the thing under test: stalled from outside, watched, and judged.

``probe`` in ``probing.probe`` is the way in; it takes a ``ProbeSpec`` and gives a ``ProbeResult``.
"""
