"""What people and machines are given: sentences, figures, advice, JUnit XML, thresholds."""
