"""Names what happens to a connection: its phases, and the events that are no phases."""

from enum import Enum


class Phase(Enum):
    """The phase of a connection (transitions: ``phases.py``)."""

    CONNECTING = "connecting"
    """TCP has connected; the opening handshake is not complete."""
    FLOWING = "flowing"
    """Messages go through: every queue empties."""
    RECEIVER_FILLING = "receiver-filling"
    """The client's kernel queue grows, and the window that it advertises shrinks."""
    UNACKNOWLEDGED = "unacknowledged"
    """The server's bytes get no ACK: the network or the peer is gone."""
    SENDER_FILLING = "sender-filling"
    """The window is smaller than the next segment: the server's kernel queue grows."""
    WRITE_BLOCKED = "write-blocked"
    """The server's kernel accepts no more bytes: EAGAIN, or epoll does not report the
    socket as writable.
    """
    USERSPACE_GROWTH = "userspace-growth"
    """The application queue in the server's own memory grows."""
    POLICY_ACTED = "policy-acted"
    """The send policy has dropped a message, made a producer wait, or aborted the connection."""
    DRAINING = "draining"
    """The client reads again: the queues empty."""
    RECOVERED = "recovered"
    """Every queue is as short again as before the stall."""
    CLOSED = "closed"
    """The connection has ended with FIN."""
    RESET = "reset"
    """The connection has ended with RST."""
    TIMED_OUT = "timed-out"
    """The kernel gave the connection up (ETIMEDOUT)."""


class Stalls(Enum):
    """Whether a kind of client stalls. A run that does not agree with it is a FAIL."""

    NEVER = "never"
    MAY = "may"
    """Its options or its schedule decide, or its stall may be too short to be confirmed."""
    MUST = "must"
    """It stalls in every run; a run in which no stall began is a FAIL."""


class EventKind(Enum):
    """The kinds of events: what happens to a connection and begins no phase."""

    SLEEPS = "sleeps"
    """The client's application sleeps; its network process may read on for a while."""
    STOPS_READING = "stops-reading"
    """The client intends to stop reading; whether it is stalled is for the kernel to confirm
    (``stalled``).
    """
    READS_SLOWLY = "reads-slowly"
    """The client intends to read no faster than its rate from now on."""
    VANISHES = "vanishes"
    NETWORK_DOWN = "network-down"
    """No segment reaches the client for some time. That is not announced as a stall, and a short one shows
    nothing.
    """
    NETWORK_UP = "network-up"
    WAKES = "wakes"
    HALF_CLOSES = "half-closes"
    """The client sends FIN and stays connected (RFC 9293 3.6.1)."""
    CLOSE_IGNORED = "close-ignored"
    """The client has read the server's Close, and does not answer."""
    LEAVES = "leaves"
    """The client ends TCP without waiting for the server; ``how`` states the way."""
    STALLED = "stalled"
    """The kernel confirms that the connection is stalled; ``evidence`` names the readings."""
    ZERO_WINDOW = "zero-window"
    PRODUCER_WAITS = "producer-waits"
    PONG_MISSING = "pong-missing"
    PONG_LATE = "pong-late"
    PROTOCOL_ERROR = "protocol-error"
    CLOSE_WANTED = "close-wanted"
    """The server has decided to close; its Close waits behind the queued bytes."""
    GUARD_ACTED = "guard-acted"
    """A guard's time ran out, so the server has decided to end the connection."""
    CLOSE_RECEIVED = "close-received"
    END_SEEN = "end-seen"
    """The client has read the server's end of the connection: ``how`` is close (the frame), fin or reset.
    A client that does not read observes no end, whatever its kernel knows.
    """
    ABORTED = "aborted"
    ENDED = "ended"
    """The server has released the connection and everything that it held for it."""
    SOCKET_GONE = "socket-gone"
    """The server's kernel has released the connection, too: nothing is queued or retransmitted any more."""
    MEMORY_CEILING = "memory-ceiling"
    TCP_MEMORY_PRESSURE = "tcp-memory-pressure"
    """The machine's TCP memory ran short during the run, so buffers had other sizes than were set."""
    LARGE_PAGES_SHORT = "large-pages-short"
    """The machine ran short of free memory in pieces of 32 KiB, in which the kernel stores sent bytes."""
    TICKS_LATE = "ticks-late"
    """A realtime run was late: a phase that began and ended within that time is missing."""
    # events of a probe, which observes a server from outside
    TRIES = "tries"
    """One stall of several begins, with two connections of its own."""
    SERVER_NOT_READY = "server-not-ready"
    """The started server serves no stream yet, and is tried again; ``reason`` states its answer."""
    ANSWERS_NO_PING = "answers-no-ping"
    """The client intends to answer no Ping from now on."""
    SERVER_ENDS = "server-ends"
    """The server's kernel reports that the server is ending the connection."""
    JUDGED = "judged"
    """One stall has been judged."""
    # events of a watch, which observes the connections of a live server
    WORD = "word"
    """A connection gets another word: ``word``, and ``was`` before."""
    # events of a fleet, which holds very many clients
    FLEET_GROWS = "fleet-grows"
    """More parked clients are opened."""
    CLIENTS_REFUSED = "clients-refused"
    CLIENTS_UNANSWERED = "clients-unanswered"
    """Clients were not answered in time: ``given`` states what they received instead."""
    CLIENTS_ENDED = "clients-ended"
    """The server has ended parked clients: ``how`` is close (the frame), fin or rst."""
    HANDSHAKES_WAIT = "handshakes-wait"
    """Opening handshakes are in progress, and none was answered for a second: ``why``, if the reason is
    known.
    """
    WORKER_LOST = "worker-lost"
    """A worker that holds clients is gone, and its clients with it."""
    FLEET_WAKES = "fleet-wakes"
    """A share of the parked clients reads again."""
    FLEET_STOPS = "fleet-stops"
    """The fleet stops growing before its planned size: ``reason`` states why."""


class Word(Enum):
    """The word for the state of a live server's connection, the worst first (rules:
    ``watching/words.py``).
    """

    STALLED = "stalled"
    SHUT_THEN_GONE = "shut-then-gone"
    UNACKNOWLEDGED = "unacknowledged"
    ORPHAN = "orphan"
    SERVER_NOT_READING = "server-not-reading"
    PERSIST = "persist"
    WINDOW_SHUT = "window-shut"
    SLOW_READER = "slow-reader"
    FALLING_BEHIND = "falling-behind"
    NOT_ACCEPTED = "not-accepted"
    SENDING = "sending"
    KEEPS_UP = "keeps-up"
    IDLE = "idle"
    NOTHING_WAITS = "nothing-waits"
    NEW = "new"


CALM = frozenset({Word.NEW, Word.NOT_ACCEPTED, Word.SENDING, Word.KEEPS_UP, Word.IDLE, Word.NOTHING_WAITS})
"""The words that mean no trouble."""
TROUBLE = tuple(word for word in Word if word not in CALM)


class ParkedEnding(Enum):
    """How a server has ended a parked client, as TCP and the last bytes show it."""

    CLOSE = "close"
    """A Close frame, then FIN or RST."""
    FIN = "fin"
    RST = "rst"
    FIN_TLS = "fin-tls"
    """FIN over TLS; whether a Close came before it is not known, since it would be encrypted."""
    RST_TLS = "rst-tls"
    FIN_WAIT_1 = "fin-wait-1"
    """The server's FIN waits behind data that the client does not read; only the server's end of TCP shows
    it.
    """

    @property
    def within_tls(self) -> "ParkedEnding":
        """The same ending on a connection over TLS."""
        return _WITHIN_TLS.get(self, self)


_WITHIN_TLS = {ParkedEnding.FIN: ParkedEnding.FIN_TLS, ParkedEnding.RST: ParkedEnding.RST_TLS}
