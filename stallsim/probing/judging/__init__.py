"""Judging an observation: pure rules, each of which gives its reasons."""
