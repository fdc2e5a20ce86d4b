"""Turns timelines into text and pictures. A view reads a ``Timeline`` and nothing else, so a replay equals
live.
"""
