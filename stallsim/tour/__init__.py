"""The guided tour of TCP flow control: lessons that ask for a prediction, run, and measure.

``lessons`` reads like a table of contents; ``guide`` walks a learner through them.
"""
