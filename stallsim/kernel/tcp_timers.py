"""Which of TCP's timers have fired in this process's network stack, by the kernel's own counters.

``/proc/net/netstat`` and ``/proc/net/snmp`` count per network namespace, so in a private stack these are
the run's own; names are the kernel's (net/ipv4/proc.c).
"""

from collections import Counter
from pathlib import Path

_COUNTERS = {
    "/proc/net/netstat": (
        "DelayedACKs",  # an acknowledgement was held back, and sent when its timer fired
        "TCPTimeouts",  # a retransmission timeout
        "TCPLossProbes",  # RFC 8985
        "TCPWinProbe",  # the persist timer, RFC 9293 3.8.6.1
        "TCPKeepAlive",  # RFC 9293 3.8.4
    ),
    "/proc/net/snmp": ("RetransSegs",),  # whatever it was that had a segment sent again
}


def timers_fired() -> Counter[str]:
    """How often each has fired since the stack was made, at some 150 us.

    A counter that this kernel does not have is 0.
    """
    fired: Counter[str] = Counter()
    for path, names in _COUNTERS.items():
        lines = iter(Path(path).read_text(encoding="utf-8").splitlines())
        for titles in lines:
            counts = dict(zip(titles.split(), next(lines).split(), strict=True))
            fired.update({name: int(counts[name]) for name in names if name in counts})
    return fired
