"""Backpressure: the memory stays small, and another client gets less."""

from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import samples_of


class Backpressure(Lesson):
    """The bytes that the client that always reads received in a run in which the other one slept."""

    title = "Backpressure, and who pays for it"
    idea = (
        "A server can refuse to produce more while a client's queue is full: that is backpressure. "
        "Its memory is bounded. With one producer for all clients, though, a producer that waits for "
        "the slowest waits for everybody's sake."
    )
    question = Question(
        text="Without backpressure the client that always reads is given 2,672,000 bytes in this run. "
        "The other one sleeps from tick 40 to tick 340 of 400. With backpressure at 64 KiB, how "
        "many bytes is the client that always reads given?",
        unit=Unit.BYTES,
        example="2672000",
    )
    run = Run(profile="sleeping-tab", settings=("server.policy=backpressure",))
    look = "Press tab to look at the other client: nothing reaches it while the producer waits."
    why = (
        "The stream stops when the sleeper's kernels and its 64 KiB are full, and goes on when it "
        "wakes. The reader loses exactly what the sleeper could not take: it did nothing wrong, and "
        "it pays."
    )
    knob = Knob(
        text="Let each subscriber have a producer of its own: then only the sleeper's stream waits.",
        run=Run(profile="sleeping-tab", settings=("server.policy=backpressure-each",)),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        last = samples_of(timeline, "reader")[-1]
        return Measurement(
            value=last.read_bytes, words=f"counted: what the reader had read at tick {last.tick}."
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
