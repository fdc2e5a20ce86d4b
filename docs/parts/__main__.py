"""Writes the generated part of every page anew: ``python -m docs.parts``."""

from . import pages

for path, text in pages().items():
    path.write_text(text)
