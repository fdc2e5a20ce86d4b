"""The delayed ACK: an acknowledgement that waits for a second segment."""

from itertools import groupby
from statistics import median

from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import samples_of

_TRICKLE = ("pace=realtime", "ticks=1400", "stream.interval=2ms", "stream.frame=400", "stream.every=30")


class DelayedAck(Lesson):
    """The time for which a single small segment stays in the server's send queue, on the wall clock."""

    title = "The delayed ACK"
    idea = (
        "A receiver need not acknowledge every segment separately. It may wait, for less than "
        "half a second, for a second segment, or for data of its own that carries the "
        "acknowledgement (RFC 9293, 3.8.6.3). Linux waits at least 40 ms, except for the first "
        "few segments of a connection. It acknowledges at once when a program reads and this "
        "opens the window."
    )
    question = Question(
        text="A message of 400 bytes is sent every 60 ms to a client that has stopped reading; its "
        "kernel has much room. How long does each message stay unacknowledged?",
        unit=Unit.SECONDS,
        example="1ms",
    )
    run = Run(profile="stop-reading", settings=_TRICKLE)
    look = "The send queue holds 400 bytes from time to time, although the window is wide open."
    why = (
        "This is correct: the client's kernel waits for a second segment, which does not come. "
        "Whoever measures the times of a server's writes, to distinguish a slow client from a "
        "fast one, must take these 40 ms into account."
    )
    knob = Knob(
        text="Let the client read: the program's recv makes its kernel acknowledge at once.",
        run=Run(profile="stop-reading", settings=(*_TRICKLE, "clients.hung.stop-tick=2000")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        samples = samples_of(timeline, "hung")
        waiting = groupby(samples, key=lambda one: one.outq_bytes > 0)
        stretches = [len(list(stretch)) for queued, stretch in waiting if queued]
        tick_s = timeline.scenario.tick_s
        if not stretches:
            return Measurement(
                value=0.0, words=f"SIOCOUTQ was 0 at every sample, {tick_s * 1000:g} ms apart."
            )
        return Measurement(
            value=median(stretches) * tick_s,
            words=f"the median of {len(stretches)} messages that waited; SIOCOUTQ was sampled every "
            f"{tick_s * 1000:g} ms.",
        )

    def model(self, timeline: Timeline) -> Model:
        stopped = timeline.scenario.clients[0].options.get("stop-tick") != 2000
        waits = 0.04 if stopped else 0.0
        return Model(value=waits, formula="TCP_DELACK_MIN, 40 ms" if stopped else "no wait")
