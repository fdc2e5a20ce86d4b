"""Reads the state of TCP connections from the Linux kernel, and sets options that control them."""
