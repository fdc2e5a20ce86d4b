"""The clients of a probe. Each reads from the server only what the probe allows it to read."""
