"""The five tanks of a server that is probed from outside. Inferred bytes are hatched; unknown ones are not
drawn.

*Refused* bytes are those that the witness was given and the kernels did not take for this client. They may
wait in the server's memory, have been dropped, or never have been made, so they are labelled as inferred.
"""

from ...timeline.records import ConnectionInfo
from ...timeline.sample import Sample
from ...units import format_size
from .moments import Moments
from .palette import QUEUE, Glyphs
from .scale import round_scale
from .tanks import Layer, Tank, tanks_of

MARK = "~"
NAME = f"refused {MARK}"


def outside_tanks(moments: Moments, connection: int, tick: int, glyphs: Glyphs) -> list[Tank]:
    """The tanks from the client to the application; none before the connection's first sample."""
    now, info = moments.sample(connection, tick), moments.timeline.connections[connection]
    tanks = tanks_of(moments, connection, tick, glyphs)
    if now is None or not tanks:
        return []
    inside, receive, window, send, _ = tanks
    if "snd_mss_bytes" in info.unknown:
        receive = receive._replace(notes=receive.notes[:2])
    return [
        inside,
        receive,
        _hidden(window) if "snd_wnd_bytes" in info.unknown else window,
        _hidden(send) if "outq_bytes" in info.unknown else send,
        _refused(now, info, moments.peak(connection, "queue_bytes", tick), glyphs),
    ]


def _refused(now: Sample, info: ConnectionInfo, peak: int, glyphs: Glyphs) -> Tank:
    tank = Tank(
        "application", NAME, "refused", now.queue_bytes, round_scale(peak),
        [Layer(now.queue_bytes, glyphs.inferred, QUEUE)],
        ["inferred", f"peak {MARK}{format_size(peak)}", "kept, dropped", "or not made"],
        peak=peak, alarm=now.queue_bytes > 0, mark=MARK,
    )  # fmt: skip
    return _hidden(tank._replace(name="queue", short="queue")) if "queue_bytes" in info.unknown else tank


def _hidden(tank: Tank) -> Tank:
    return tank._replace(
        value=0, layers=[Layer(0, None, layer.style) for layer in tank.layers[:1]], peak=0, alarm=False,
        notes=["not visible"], mark="?",
    )  # fmt: skip
