"""What TCP keepalive and TCP_USER_TIMEOUT detect of a client that does not read."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Question, Run, Unit
from ..reading import connection_of, samples_of

_REALTIME = ("pace=realtime", "ticks=900", "stack.private=true")
_KEEPALIVE = (
    "server.guards.tcp-keepalive.idle=1",
    "server.guards.tcp-keepalive.interval=1",
    "server.guards.tcp-keepalive.count=2",
)


class KeepaliveAndUserTimeout(Lesson):
    """Whether the connection ended, and how."""

    title = "What keepalive and TCP_USER_TIMEOUT see"
    idea = (
        "TCP keepalive sends a probe when a connection has been silent, and ends the connection "
        "if the probes stay unanswered (RFC 9293, 3.8.4). TCP_USER_TIMEOUT ends a connection on "
        "which sent data has stayed unacknowledged for too long (RFC 5482). Many people enable "
        "keepalive only, and believe that this is sufficient."
    )
    question = Question(
        text="The server's keepalive sends a probe after one second of silence, then one every second, "
        "and ends the connection after two unanswered probes. The client stops reading, but its "
        "kernel still answers. What is the state of the connection after 4.5 seconds?",
        unit=Unit.CHOICE,
        choices=(
            "it is open, and the queue grows",
            "the server's kernel has ended it",
            "the client has ended it",
        ),
        example="b",
    )
    run = Run(profile="stop-reading", settings=(*_REALTIME, *_KEEPALIVE))
    look = "This run is in realtime. The connection stays open until the run ends."
    why = (
        "Keepalive does not probe while data waits to be sent. If it did, the client's kernel "
        "would answer: the kernel works, and only the program does not read. TCP_USER_TIMEOUT, on "
        "Linux, counts the time for which the window has been shut with data waiting, although "
        "the peer answers every probe that it may answer; so it ends this connection."
    )
    knob = Knob(
        text="Use TCP_USER_TIMEOUT of one second instead.",
        run=Run(profile="stop-reading", settings=(*_REALTIME, "server.guards.tcp-user-timeout.after=1s")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        number = connection_of(timeline, "hung").connection
        ends = [one for one in timeline.phases(number) if one.phase in (Phase.TIMED_OUT, Phase.RESET)]
        last = samples_of(timeline, "hung")[-1]
        if not ends:
            return Measurement(
                value=0, words=f"it was open at the last tick, and {last.queue_bytes:,} bytes waited."
            )
        end = ends[0]
        return Measurement(
            value=1, words=f"the server's kernel ended it at tick {end.tick}: {end.phase.value}."
        )
