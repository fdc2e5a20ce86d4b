"""Numbers that were measured once and are used in several rooms, each with its source."""

PIPE_BYTES = 131_000
"""Bytes that a browser's network process reads for a page that takes none of them (docs/browsers.md)."""
MAXSEG_BYTES = 1312
"""TCP_MAXSEG for segments of 1,300 bytes: as over Ethernet, less the timestamps' option (RFC 7323)."""
