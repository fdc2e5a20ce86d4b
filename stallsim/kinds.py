"""The words for what happens to a connection: phases, and events that are none."""

from enum import Enum


class Phase(Enum):
    """Where a connection stands (the transitions between them: ``phases.py``)."""

    CONNECTING = "connecting"
    """TCP has connected; the opening handshake is not complete."""
    FLOWING = "flowing"
    """Messages go through: every queue empties."""
    RECEIVER_FILLING = "receiver-filling"
    """The client's kernel queue grows, and the window that it advertises shrinks."""
    UNACKNOWLEDGED = "unacknowledged"
    """What the server sent gets no ACK: the network or the peer is gone."""
    SENDER_FILLING = "sender-filling"
    """The window is smaller than the next segment: the server's kernel queue grows."""
    WRITE_BLOCKED = "write-blocked"
    """The server's kernel takes no more: EAGAIN, or epoll offers no write."""
    USERSPACE_GROWTH = "userspace-growth"
    """The application queue in the server's own memory grows."""
    POLICY_ACTED = "policy-acted"
    """The send policy has dropped a message, made a producer wait, or cut the client off."""
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
    """Whether a kind of client stalls: what a run must show, and must not show, of it."""

    NEVER = "never"
    MAY = "may"
    """By its options, by its schedule, or for a moment: no run has to show it."""
    MUST = "must"
    """A run in which it never began to has failed."""


class EventKind(Enum):
    """A happening that is not a phase."""

    SLEEPS = "sleeps"
    """The client's application is gone; its network process may read on for a while."""
    STOPS_READING = "stops-reading"
    """The client's intention; whether it took is for the kernel to say (``stalled``)."""
    READS_SLOWLY = "reads-slowly"
    """From now on no faster than its rate; an intention, too."""
    VANISHES = "vanishes"
    NETWORK_DOWN = "network-down"
    """For a while: no stall is meant by it, and a short one shows nothing."""
    NETWORK_UP = "network-up"
    WAKES = "wakes"
    HALF_CLOSES = "half-closes"
    """FIN from the client, which goes on existing (RFC 9293 3.6.1)."""
    CLOSE_IGNORED = "close-ignored"
    """The client has read the server's Close, and does not answer."""
    LEAVES = "leaves"
    """The client ends TCP without waiting for anybody; ``how`` says in what manner."""
    STALLED = "stalled"
    """The kernel confirms it; ``evidence`` says by what."""
    ZERO_WINDOW = "zero-window"
    PRODUCER_WAITS = "producer-waits"
    PONG_MISSING = "pong-missing"
    PONG_LATE = "pong-late"
    PROTOCOL_ERROR = "protocol-error"
    CLOSE_WANTED = "close-wanted"
    """The server has decided to close; its Close waits behind what is queued."""
    GUARD_ACTED = "guard-acted"
    """A guard's patience was over: the server has decided to end the connection."""
    CLOSE_RECEIVED = "close-received"
    END_SEEN = "end-seen"
    """The client has come upon the server's end of the connection: ``how`` is close (the frame), fin or
    reset. Who does not read sees nothing, whatever its kernel knows."""
    ABORTED = "aborted"
    ENDED = "ended"
    """The server has let go of the connection and of all that it held for it."""
    SOCKET_GONE = "socket-gone"
    """The kernel has let go of it too: nothing is queued, nothing is retransmitted any more."""
    MEMORY_CEILING = "memory-ceiling"
    TCP_MEMORY_PRESSURE = "tcp-memory-pressure"
    """The machine's TCP memory ran short during the run: buffers were not what was asked for."""
    LARGE_PAGES_SHORT = "large-pages-short"
    """The machine ran short of free memory in pieces of 32 KiB, in which the kernel keeps what is sent."""
    TICKS_LATE = "ticks-late"
    """A realtime run was behind the wall clock: a phase that began and ended meanwhile is missing."""
    # of a probe, which sees a server from outside
    TRIES = "tries"
    """One stall of several begins, with two connections of its own."""
    SERVER_NOT_READY = "server-not-ready"
    """The server that was started gives no stream yet, and is asked again; ``reason`` says what it gave."""
    ANSWERS_NO_PING = "answers-no-ping"
    """The client's intention: from now on."""
    SERVER_ENDS = "server-ends"
    """The server's kernel says that the connection is being ended from there."""
    JUDGED = "judged"
    """What one stall has come to."""
    # of a watch, which sees the connections of a live server
    WORD = "word"
    """A connection gets another word: ``word``, and ``was`` before."""
    # of a fleet, which holds very many clients
    FLEET_GROWS = "fleet-grows"
    """More parked clients are opened."""
    CLIENTS_REFUSED = "clients-refused"
    CLIENTS_UNANSWERED = "clients-unanswered"
    """Clients were not answered in time: ``given`` says what they waited for in vain."""
    CLIENTS_ENDED = "clients-ended"
    """The server has ended parked clients: ``how`` is close (the frame), fin or rst."""
    HANDSHAKES_WAIT = "handshakes-wait"
    """Opening handshakes are under way, and for a second none was answered: ``why``, where that is seen."""
    WORKER_LOST = "worker-lost"
    """One of several machines that hold clients is gone, and its clients with it."""
    FLEET_WAKES = "fleet-wakes"
    """A share of the parked clients reads again."""
    FLEET_STOPS = "fleet-stops"
    """It grows no further, though it was to: ``reason`` says why."""


class Word(Enum):
    """What a live server's connection is doing, the worst first (the rules: ``watching/words.py``)."""

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
"""The words by which nothing is known to be wrong."""
TROUBLE = tuple(word for word in Word if word not in CALM)


class ParkedEnding(Enum):
    """How a server has ended a parked client, of which only TCP and the last bytes are seen."""

    CLOSE = "close"
    """A Close frame, then FIN or RST."""
    FIN = "fin"
    RST = "rst"
    FIN_TLS = "fin-tls"
    """FIN; whether a Close came before it is not seen, since it would be sealed."""
    RST_TLS = "rst-tls"
    FIN_WAIT_1 = "fin-wait-1"
    """Its FIN waits behind data that the client does not read: only the server's end of TCP shows it."""

    @property
    def within_tls(self) -> "ParkedEnding":
        """The same of a connection over TLS."""
        return _WITHIN_TLS.get(self, self)


_WITHIN_TLS = {ParkedEnding.FIN: ParkedEnding.FIN_TLS, ParkedEnding.RST: ParkedEnding.RST_TLS}
