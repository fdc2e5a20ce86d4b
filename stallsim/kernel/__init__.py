"""What the Linux kernel says of a TCP connection, and what it can be told."""
