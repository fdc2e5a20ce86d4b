"""Any event: the union of all kinds."""

from collections.abc import Callable

from .client import (
    AnswersNoPing,
    CloseIgnored,
    EndSeen,
    HalfCloses,
    Leaves,
    NetworkDown,
    NetworkUp,
    ReadsSlowly,
    Sleeps,
    StopsReading,
    Vanishes,
    Wakes,
)
from .fleet import (
    ClientsEnded,
    ClientsRefused,
    ClientsUnanswered,
    FleetGrows,
    FleetStops,
    FleetWakes,
    HandshakesWait,
    WorkerLost,
)
from .kernel import (
    LargePagesShort,
    ServerEnds,
    SocketGone,
    Stalled,
    TcpMemoryPressure,
    TicksLate,
    ZeroWindow,
)
from .probe import Judged, ServerNotReady, Tries
from .server import (
    Aborted,
    CloseReceived,
    CloseWanted,
    Ended,
    GuardActed,
    MemoryCeiling,
    PongLate,
    PongMissing,
    ProducerWaits,
    ProtocolError,
)
from .watch import Word

What = (
    Sleeps | StopsReading | ReadsSlowly | Vanishes | NetworkDown | NetworkUp | AnswersNoPing | Wakes
    | HalfCloses | CloseIgnored | Leaves | EndSeen | Stalled | ZeroWindow | SocketGone | TcpMemoryPressure
    | LargePagesShort
    | ServerEnds | ProducerWaits | PongMissing | PongLate | ProtocolError | CloseWanted | GuardActed
    | CloseReceived | Aborted | Ended | MemoryCeiling | Tries | ServerNotReady | Judged
    | Word | TicksLate | FleetGrows | ClientsRefused | ClientsEnded | WorkerLost | FleetWakes | FleetStops
    | HandshakesWait | ClientsUnanswered
)  # fmt: skip
"""All kinds of events; a test compares them with ``EventKind``."""
Report = Callable[[What], None]
"""Called with an event of one connection that happens now."""
