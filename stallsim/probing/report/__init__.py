"""Reports of a probe for people and for machines: sentences, figures, advice, thresholds."""
