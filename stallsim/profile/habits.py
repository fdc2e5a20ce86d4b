"""Ways in which servers differ apart from their policy: how they write, and how they treat a FIN."""

from enum import Enum


class WriteMode(Enum):
    """When a server writes; the two stop at different fills of the same send buffer."""

    UNTIL_REFUSED = "until-refused"
    """Write until EAGAIN: the buffer fills to 100 %. Most servers."""
    WHEN_WRITABLE = "when-writable"
    """One write of all that waits, only when epoll offers it (memory charged at most 2/3 of the
    buffer). Mongoose, libwebsockets."""


class Fin(Enum):
    """How a server treats a FIN without a Close before it (RFC 9293 3.6.1: half-closed)."""

    ENDS = "ends"
    """The connection is over, as most event loops treat it."""
    IGNORED = "ignored"
    """The server goes on sending: a handler that never reads, or ignores what it reads."""
