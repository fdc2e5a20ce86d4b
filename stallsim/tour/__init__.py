"""The guided tour of TCP flow control: lessons that ask for a prediction, run, and measure.

``lessons`` contains one file for each lesson; ``guide`` leads a learner through them.
"""
