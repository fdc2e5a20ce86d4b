"""Where readings come from: this network namespace, one's own container's, or /proc of anybody's."""
