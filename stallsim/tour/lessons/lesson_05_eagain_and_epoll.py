"""Two ways to write, which stop at different fills of the same buffer."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, sample_at


class EagainAndEpoll(Lesson):
    """SIOCOUTQ when epoll no longer offers the write."""

    title = "EAGAIN, and what an event loop makes of it"
    idea = (
        "A non-blocking write that does not fit answers EAGAIN. Some servers write until they see it. "
        "Others ask epoll first, and write only when the socket is reported as writable (EPOLLOUT, "
        "epoll_ctl(2)). The kernel reports that while at most two thirds of the send buffer are "
        "charged, so that a writer who is woken has room worth waking for (Linux: "
        "sk_stream_is_writeable)."
    )
    question = Question(
        text="The server that wrote until EAGAIN had 266,500 bytes queued. Now the same server writes only "
        "when epoll offers it. How many bytes are queued when it can write no more?",
        unit=Unit.BYTES,
        example="266500",
    )
    run = Run(profile="stop-reading", settings=("ticks=120", "server.write=when-writable"))
    look = "The fourth column stops at a lower mark, and the last column begins to fill earlier."
    why = (
        "Two thirds of the buffer's memory are charged when epoll falls silent. Neither server is "
        "told why: one write did not happen, and that is all."
    )
    knob = Knob(
        text="The other way again, until EAGAIN.",
        run=Run(profile="stop-reading", settings=("ticks=120", "server.write=until-refused")),
    )

    def measure(self, timeline: Timeline) -> Measurement:
        blocked = sample_at(timeline, "hung", Phase.WRITE_BLOCKED)
        return Measurement(
            value=blocked.outq_bytes,
            words=f"SIOCOUTQ at the server at tick {blocked.tick}; the kernel charged "
            f"{blocked.wmem_queued_bytes:,} bytes of memory for it (SO_MEMINFO).",
        )

    def model(self, timeline: Timeline) -> Model:
        buffer = connection_of(timeline, "hung").sndbuf_bytes_effective
        whole = timeline.scenario.server.write.value == "until-refused"
        share, words = (1.0, "all") if whole else (2 / 3, "two thirds")
        return Model(
            value=share * buffer, formula=f"{words} of the effective send buffer, {buffer:,} bytes"
        )
