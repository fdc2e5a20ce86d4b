"""stallsim: WebSocket clients that stop reading, on purpose, byte for byte the same each time."""

__version__ = "0.1.0"
