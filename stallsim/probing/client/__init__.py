"""A WebSocket client whose reading its owner decides about."""
