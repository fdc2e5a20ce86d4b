"""The figure of a report, drawn by matplotlib (the extra ``plot``), readable in black and white, too."""
