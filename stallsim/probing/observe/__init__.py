"""Looking: both kernels, the server's processes, the witness's Pings."""
