"""The sources of readings: sock_diag in this network namespace or in a container's, or /proc."""
