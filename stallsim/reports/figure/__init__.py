"""The figure of a report, by matplotlib (the extra ``plot``): for a lecture, and for black and white."""
