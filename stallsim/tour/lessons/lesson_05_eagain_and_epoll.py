"""Two ways to write, which stop at different fills of the same buffer."""

from ...kinds import Phase
from ...timeline.timeline import Timeline
from ..lesson import Knob, Lesson, Measurement, Model, Question, Run, Unit
from ..reading import connection_of, sample_at


class EagainAndEpoll(Lesson):
    """SIOCOUTQ when epoll no longer offers the write."""

    title = "EAGAIN, and when an event loop writes"
    idea = (
        "A non-blocking write that does not fit fails with EAGAIN. Some servers write until this "
        "happens. Others wait for epoll, and write only when it reports the socket as writable "
        "(EPOLLOUT, epoll_ctl(2)). The kernel reports this while at most two thirds of the send "
        "buffer are charged, so that the program finds enough room when it is woken (Linux: "
        "sk_stream_is_writeable)."
    )
    question = Question(
        text="The server that wrote until EAGAIN had 266,500 bytes queued. Now the same server writes "
        "only when epoll reports the socket as writable. How many bytes are queued when it can "
        "write no more?",
        unit=Unit.BYTES,
        example="266500",
    )
    run = Run(profile="stop-reading", settings=("ticks=120", "server.write=when-writable"))
    look = "The fourth column stops at a lower level, and the last column begins to fill earlier."
    why = (
        "Two thirds of the buffer's memory are charged when epoll no longer reports the socket as "
        "writable. Neither server learns the reason: it learns only that it cannot write now."
    )
    knob = Knob(
        text="Write until EAGAIN again.",
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
