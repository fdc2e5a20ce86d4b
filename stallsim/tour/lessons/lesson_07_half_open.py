"""A peer whose network is gone, compared with one that does not read."""

from itertools import accumulate

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ...units import parse_seconds
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import sample_at

_RTO_MIN_S = 0.2
"""TCP_RTO_MIN of Linux: the first timeout on a path as short as loopback."""


class HalfOpen(Lesson):
    """The time from the last ACK to ETIMEDOUT, on the wall clock."""

    title = "Half-open is not zero window"
    idea = (
        "When the network of a client fails, nothing is acknowledged any more: the connection is "
        "half-open (RFC 9293, 3.5.1). The server's kernel retransmits, doubles the wait each time "
        "(RFC 6298), and gives up in the end with ETIMEDOUT. A program that writes sees the same "
        "in both cases for a long time: writes succeed, and later they are refused. TCP_INFO "
        "shows the difference: in a half-open connection the window is open and bytes are "
        "unacknowledged; behind a zero window, the window is shut and no byte is in flight."
    )
    question = Question(
        text="This run allows three retransmissions (net.ipv4.tcp_retries2 = 3; the default is 15). "
        "How long after the failure of the network does the server learn of it?",
        unit=Unit.SECONDS,
        example="600ms",
    )
    run = Run(profile="half-open", settings=("ticks=450",))
    look = (
        "Nothing is unread at the client: the second column stays empty. The send queue fills nevertheless."
    )
    why = (
        "Linux turns the number of retries into a time: the time that this number of doublings of "
        "the smallest timeout would take (tcp_retries2 in ip-sysctl). The kernel compares this "
        "time only when the timer expires. With the default of 15 it is 924 seconds and more: a "
        "quarter of an hour in which the server keeps everything."
    )
    knob = Knob(
        text="Let the server set a limit of its own: TCP_USER_TIMEOUT of one second (RFC 5482).",
        run=Run(
            profile="half-open",
            settings=("ticks=450", "server.guards.tcp-user-timeout.after=1s"),
        ),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        tick_s = timeline.scenario.tick_s
        silent = sample_at(timeline, "gone", Phase.UNACKNOWLEDGED)
        over = sample_at(timeline, "gone", Phase.TIMED_OUT)
        return Measurement(
            value=(over.tick - silent.tick) * tick_s,
            words=f"from tick {silent.tick}, after which nothing was acknowledged, to the end with "
            f"ETIMEDOUT at tick {over.tick}; a tick is {tick_s * 1000:g} ms.",
        )

    def model(self, timeline: Timeline) -> Model:
        asked = timeline.scenario.server.guards.get("tcp-user-timeout", {}).get("after")
        if asked is not None:
            return Model(value=parse_seconds(asked), formula=f"TCP_USER_TIMEOUT, {asked}")
        retries = int(timeline.scenario.stack.sysctl["net.ipv4.tcp_retries2"])
        patience_s = _RTO_MIN_S * (2 ** (retries + 1) - 1)
        expiries = list(accumulate(_RTO_MIN_S * 2**n for n in range(16)))
        end_s = next(one for one in expiries if one - expiries[0] >= patience_s)
        return Model(
            value=end_s,
            formula=f"the retransmission timer expires {', '.join(f'{one:g}' for one in expiries[:6])} "
            "s after the last ACK; the kernel gives up at the first of these that is "
            f"{patience_s:g} s after the first retransmission",
        )
