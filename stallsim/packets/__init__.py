"""The packets of a run or a probe as a file for Wireshark, with the phases and events as comments."""
