"""Pure rules that judge an observation and give their reasons."""
