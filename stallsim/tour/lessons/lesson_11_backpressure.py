"""Backpressure: the memory stays small, and another client gets less."""

from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import samples_of


class Backpressure(Lesson):
    """The bytes that the client that always reads received in a run in which the other one slept."""

    title = "Backpressure, and whom it delays"
    idea = (
        "A server can stop producing messages while a client's queue is full: this is "
        "backpressure. It limits the server's memory. But if all clients share one producer, the "
        "producer waits for the slowest client, and all other clients wait, too."
    )
    question = Question(
        text="Without backpressure the client that always reads receives 2,672,000 bytes in this run. "
        "The other client sleeps from tick 40 to tick 340 of 400. With backpressure at 64 KiB, "
        "how many bytes does the client that always reads receive?",
        unit=Unit.BYTES,
        example="2672000",
    )
    run = Run(profile="sleeping-tab", settings=("server.policy=backpressure",))
    look = "Press tab to look at the other client: it receives nothing while the producer waits."
    why = (
        "The stream stops when the sleeping client's kernels and its 64 KiB are full, and "
        "continues when the client wakes. The client that always reads loses exactly what the "
        "sleeping client could not receive, although it reads everything."
    )
    knob = Knob(
        text=(
            "Give each subscriber a producer of its own: then only the stream of the sleeping client waits."
        ),
        run=Run(profile="sleeping-tab", settings=("server.policy=backpressure-each",)),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        last = samples_of(timeline, "reader")[-1]
        return Measurement(
            value=last.read_bytes,
            words=f"counted: the bytes that this client had read at tick {last.tick}.",
        )

    def model(self, timeline: Timeline) -> Model:
        frame = timeline.scenario.stream.frame
        together = timeline.scenario.server.policy == "backpressure"
        waits = sum(one.producer_waits for one in samples_of(timeline, "sleeper")) if together else 0
        ticks = timeline.last_tick - waits
        return Model(
            value=ticks * frame,
            formula=f"{ticks} ticks in which the producer did not wait x {frame:,} bytes",
        )
