"""Kills, signals, hostile peers and damaged files, drawn from a seed: a short arm, a long one nightly."""
