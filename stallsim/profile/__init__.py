"""Turns a profile's text into a checked, frozen scenario: what is to happen in a run."""
