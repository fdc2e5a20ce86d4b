"""What servers do differently, policy or not: how they write, and what they make of a FIN."""

from enum import Enum


class WriteMode(Enum):
    """When a server writes; the two stop at different fills of the same send buffer."""

    UNTIL_REFUSED = "until-refused"
    """Write until EAGAIN: the buffer fills to 100 %. Most servers."""
    WHEN_WRITABLE = "when-writable"
    """One write of all that waits, only when epoll offers it (memory charged at most 2/3 of the
    buffer). Mongoose, libwebsockets."""


class Fin(Enum):
    """What a server makes of a FIN that no Close came before (RFC 9293 3.6.1: half-closed)."""

    ENDS = "ends"
    """The connection is over: what most event loops make of it."""
    IGNORED = "ignored"
    """It sends on: a handler that never reads, or reads and takes no notice."""
