"""Compares two results of one server or one profile, before and after a change."""
