"""The keys of the plain lines and their order are stable, and compared as printed."""

import io
from collections.abc import Sized

from msgspec.structs import replace

from stallsim.kinds import Phase
from stallsim.timeline.events.fleet import ClientsRefused, HandshakesWait
from stallsim.timeline.events.kernel import TicksLate
from stallsim.timeline.events.server import CloseReceived
from stallsim.timeline.records import Event, PhaseEvent, RecordingEnd
from stallsim.timeline.timeline import Timeline
from stallsim.units import format_size
from stallsim.verdict.verdict import Verdict, VerdictKind, judge_run
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import render
from stallsim.views.plain import PlainWriter, verdict_lines, write_plain
from tests.pure.builders import info, sample

from .golden_file import check
from .scenes import over_tls, sleeping_tab


class FlushCounter(io.StringIO):
    flushes = 0

    def flush(self) -> None:
        self.flushes += 1


def test_lines_of_a_run() -> None:
    out = FlushCounter()
    timeline = sleeping_tab()
    write_plain(timeline, out)
    lines = [*out.getvalue().splitlines(), *verdict_lines(timeline, judge_run(timeline))]
    check("plain", "\n".join(lines))
    assert out.flushes == len(timeline.happenings) + 1


def test_what_was_late_says_by_how_much() -> None:
    header, *_ = sleeping_tab().records()
    out = io.StringIO()
    write = PlainWriter(out)
    write(header)
    for late_us in (0, 427_000):
        sampled = sample(4000, late_us=late_us)
        write(PhaseEvent(tick=4000, phase=Phase.DRAINING, sample=sampled))
    _, on_time, late = out.getvalue().splitlines()
    assert "late=" not in on_time
    assert late.endswith(" late=0.427s")
    timeline = sleeping_tab()
    timeline.append(Event(tick=9, what=TicksLate(first_tick=3, ticks=6, late_s=0.427)))
    (line,) = (one for one in verdict_lines(timeline, judge_run(timeline)) if one.startswith("late"))
    assert "by up to 427 ms (from tick 3 on)" in line


def test_written_live_as_replayed() -> None:
    source, live, replayed = sleeping_tab(), io.StringIO(), io.StringIO()
    timeline = Timeline()
    timeline.listen(PlainWriter(live))
    for record in source.records():
        timeline.append(record)
    write_plain(source, replayed)
    assert live.getvalue() == replayed.getvalue()


def test_a_peer_cannot_add_lines_or_keys() -> None:
    out = io.StringIO()
    said = CloseReceived(code=1000, reason='x" phase=recovered\ntick=0')
    PlainWriter(out)(Event(tick=1, connection=0, what=said))
    assert out.getvalue() == (
        'tick=1 t=0.000s connection=0 client="?" event=close-received code=1000 '
        'reason="x\\" phase=recovered?tick=0"\n'
    )


def test_a_key_without_a_value_is_left_out() -> None:
    out = io.StringIO()
    write = PlainWriter(out)
    write(Event(tick=1, what=HandshakesWait(clients=20, for_s=1.5)))
    write(Event(tick=2, what=ClientsRefused(clients=3, reason="answered 503")))
    assert out.getvalue().splitlines() == [
        "tick=1 t=0.000s event=handshakes-wait clients=20 for_s=1.5",
        'tick=2 t=0.000s event=clients-refused clients=3 reason="answered 503"',
    ]


def test_a_stream_that_is_not_utf8() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    PlainWriter(out)(Event(tick=1, what=CloseReceived(code=1000, reason="adiós")))
    assert raw.getvalue() == b'tick=1 t=0.000s event=close-received code=1000 reason="adi\\xf3s"\n'


def test_who_has_ended_long_ago_is_forgotten() -> None:
    out = io.StringIO()
    write = PlainWriter(out)
    ending = sample(1)
    for number in range(5_000):
        write(info(number, "tab"))
        write(PhaseEvent(tick=1, phase=Phase.CLOSED, sample=replace(ending, connection=number)))
    assert "client=?" not in out.getvalue()
    assert sum(len(held) for held in vars(write).values() if isinstance(held, Sized)) < 5_000


def test_closing_lines_say_how_often_it_was_redone_and_cut_long_lists() -> None:
    timeline = sleeping_tab()
    timeline.append(RecordingEnd(tick=199, attempts=3, wall_s=0.1))
    verdict = Verdict(
        outcome=VerdictKind.FAIL,
        reasons=[f"reason {n}" for n in range(20)],
        memory="m",
        memory_bounded=None,
    )
    lines = verdict_lines(timeline, verdict)
    assert lines[0] == "FAIL  reason 0"
    assert lines[8] == "      and 12 more"
    assert lines[-1].startswith("attempts  3: a kernel timer fired in all")


def test_what_is_pending_is_shown_where_there_is_a_coder() -> None:
    plain, coded = sleeping_tab(), over_tls(sleeping_tab(), pending_bytes=1580)
    for timeline, shown in ((plain, False), (coded, True)):
        out = io.StringIO()
        write_plain(timeline, out)
        phases = [line for line in out.getvalue().splitlines() if " phase=" in line]
        assert phases
        assert all(line.endswith(" pending=1580") == shown for line in phases)
        frame = render(timeline, 120, Controls(focus=1), 160, 50).text
        assert (f"pending {format_size(1580)}" in frame) == shown
