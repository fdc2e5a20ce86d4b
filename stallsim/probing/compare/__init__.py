"""What was seen of one stall, as data: samples, and the two streams message by message."""
