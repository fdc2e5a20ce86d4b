"""Turns a watched connection into a recording's connection and samples, from its own end's kernel."""

from msgspec.structs import replace

from ...kinds import Stalls
from ...timeline.records import ConnectionInfo
from ...timeline.sample import COUNTS, NOTHING_READ, Sample
from ...timeline.watched import WatchedConnection

_KNOWN = ("outq_bytes", "notsent_bytes", "snd_wnd_bytes", "wmem_queued_bytes", "sndbuf_bytes")
_UNKNOWN = tuple(name for name in COUNTS if name not in _KNOWN)
"""Figures that only the peer or the server's program has, or that a snapshot does not contain."""


def info_of(number: int, tick: int, one: WatchedConnection) -> ConnectionInfo:
    """The connection's record, which is made at the first look at which it is in trouble."""
    return ConnectionInfo(
        connection=number,
        tick=tick,
        client=one.peer,
        kind="watched",
        stalls=Stalls.MAY,
        sndbuf_bytes_asked=None,
        sndbuf_bytes_effective=one.sndbuf_bytes or 0,
        rcvbuf_bytes_asked=None,
        rcvbuf_bytes_effective=0,
        snd_mss_bytes=0,
        maxseg_bytes_asked=None,
        congestion="",
        unknown=_UNKNOWN if one.window_bytes is not None else (*_UNKNOWN, "snd_wnd_bytes", "notsent_bytes"),
    )


def sample_of(number: int, tick: int, one: WatchedConnection) -> Sample:
    """One look at the connection, as a sample."""
    return replace(
        NOTHING_READ,
        tick=tick,
        connection=number,
        outq_bytes=one.queued_bytes,
        notsent_bytes=one.unsent_bytes or 0,
        snd_wnd_bytes=one.window_bytes or 0,
        wmem_queued_bytes=one.pinned_bytes or 0,
        sndbuf_bytes=one.sndbuf_bytes or 0,
    )
