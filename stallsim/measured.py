"""Numbers that were measured once and are used in several rooms, each with where it is from."""

PIPE_BYTES = 131_000
"""What a browser's network process reads for a page that takes nothing (docs/browsers.md)."""
MAXSEG_BYTES = 1312
"""TCP_MAXSEG for segments of 1,300 bytes: as over Ethernet, less the timestamps' option (RFC 7323)."""
