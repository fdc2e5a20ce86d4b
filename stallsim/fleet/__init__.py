"""Very many stalled clients of somebody's server: what one costs, how many it takes, who suffers first."""
