"""What is seen of a server that is probed, and what the probe comes to: the types that its records hold."""
