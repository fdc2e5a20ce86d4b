"""A fleet at one moment in figures: its clients, memory, Pings, steps and events."""

from ...timeline.fleet.pings import slow_ping
from ...timeline.fleet.reading import Reading
from ...timeline.fleet.steps import StepKind, Stepped
from ...timeline.fleet.witnessed import Witnessed
from ...units import format_count, format_seconds, format_size
from ..clean import clean
from ..drawing.frame import Row, heading
from ..drawing.palette import BAD, BOLD, DIM, PLAIN, TITLE, Glyphs
from .moments import FleetMoments
from .table import HEAD, line, row

_TABLE_ROWS_MAX, _LOG_ROWS_MAX = 7, 4
_LATER = 5.0


def title_row(seen: FleetMoments, now: Reading, width: int, glyphs: Glyphs) -> Row:
    """The title: how many clients are held against which server, and for how long so far."""
    asked = seen.asked
    right = f"{now.tick * seen.tick_s:.0f} s "
    if asked is None:
        return [(f"{' fleet':<{max(0, width - len(right))}}{right}", TITLE)]
    mix = ", ".join(f"{name} {share:.0%}" for name, share in asked.mix.items())
    server = f" ({asked.server})" if asked.server else ""
    left = clean(f" fleet {asked.url}{server}: {mix}")
    room = width - len(right) - 1
    left = left if len(left) <= room else left[: max(0, room - 1)] + glyphs.cut
    return [(f"{left:<{max(0, width - len(right))}}{right}", TITLE)]


def figure_rows(seen: FleetMoments, now: Reading, width: int, glyphs: Glyphs) -> list[Row]:
    """Clients by state, memory, the witnesses, and what goes on."""
    tally, look = now.tally, now.look
    steps = seen.steps_until(now.tick)
    stops = next((words for tick, words, stop in seen.happened if stop and tick <= now.tick), "")
    wanted = seen.asked.clients if seen.asked is not None else tally.wanted
    goes_on = stops or _goes_on(seen, steps, now)
    of = f"{format_count(now.open)} of {format_count(wanted)} clients open"
    bar = _bar(now.open, wanted, width - len(of) - 4, glyphs)
    ends = ", ".join(f"{format_count(count)} {how.value}" for how, count in now.ends.items())
    unopened = (tally.refused | tally.unanswered).items()
    refused = ", ".join(f"{format_count(count)} {why}" for why, count in unopened)
    stalled = "?" if look is None else format_count(look.stalled)
    states: Row = [
        (" stalled ", DIM), (f"{stalled} ", BOLD), ("(confirmed)  ", DIM),
        ("connecting ", DIM), (f"{format_count(tally.connecting)}  ", PLAIN),
        ("awake ", DIM), (f"{format_count(tally.awake)}  ", PLAIN),
        ("ended ", DIM), (f"{ends or '0'}  ", BAD if ends else PLAIN),
        ("not opened ", DIM), (clean(refused, 60) or "0", BAD if refused else PLAIN),
    ]  # fmt: skip
    words: Row = [(f" {goes_on}", BAD if stops else PLAIN)]
    return [[(f" {of} ", BOLD), (bar, PLAIN)], states, _memory(now), *_pings(seen, now), words]


def _pings(seen: FleetMoments, now: Reading) -> list[Row]:
    if now.witnessed is None:
        return [[(" no witness", DIM)]]
    baseline = seen.baseline(now.tick)
    late = baseline is not None and _late(baseline.witnessed, now.witnessed)
    row: Row = [(" Pings ", DIM), (_wait_words(now.witnessed), BAD if late else BOLD)]
    row += [(f"  each witness {format_size(now.witnessed.bytes_per_s)}/s", PLAIN)]
    if baseline is not None:
        before_s, named = slow_ping(baseline.witnessed)
        before = format_seconds(before_s) if before_s else "?"
        row += [(f"  (baseline: {named} {before})", DIM)]
    return [row]


def step_rows(seen: FleetMoments, now: Reading, width: int, glyphs: Glyphs) -> list[Row]:
    """The latest sizes of the fleet at which the witnesses were watched."""
    steps = [one.step for one in seen.steps_until(now.tick) if one.kind is StepKind.STEP]
    if not steps:
        return []
    rows: list[Row] = [heading(line(HEAD), width, glyphs)]
    return rows + [[(line(row(one)), BAD if one.suffering else PLAIN)] for one in steps[-_TABLE_ROWS_MAX:]]


def log_rows(seen: FleetMoments, now: Reading) -> list[Row]:
    """The latest events, a line each."""
    known = [(tick, words) for tick, words, _ in seen.happened if tick <= now.tick]
    return [
        [(f" {tick * seen.tick_s:7.1f} s  ", DIM), (words, PLAIN)] for tick, words in known[-_LOG_ROWS_MAX:]
    ]


def _goes_on(seen: FleetMoments, steps: list[Stepped], now: Reading) -> str:
    if not steps:
        return "the baseline is measured"
    if seen.woken_at is not None and seen.woken_at <= now.tick:
        return "woken: they read again"
    whole = seen.asked is not None and steps[-1].step.clients >= seen.asked.clients
    if whole:
        return "held: all are open"
    return "growing" if not now.tally.settled else "the witnesses are watched at this size"


def _memory(now: Reading) -> Row:
    def known(size: int | None) -> str:
        return "?" if size is None else format_size(size)

    return [
        (" memory ", DIM), (f"server {known(now.rss_bytes)}  ", BOLD),
        (f"machine's TCP {known(now.tcp_memory_bytes)}  ", PLAIN),
        (f"clients' processes {format_size(now.tally.memory_bytes)}", DIM),
    ]  # fmt: skip


def _wait_words(seen: Witnessed) -> str:
    slow_s, named = slow_ping(seen)
    if seen.p50_s is None:
        return f"worst {format_seconds(max(seen.worst_s, 1e-6))}"
    p50, slow = (format_seconds(max(one, 1e-6)) for one in (seen.p50_s, slow_s))
    return f"p50 {p50}, {named} {slow}"


def _late(baseline: Witnessed, now: Witnessed) -> bool:
    """Whether a Ping takes so long that it is drawn in red.

    It is only a hint: whether the witnesses suffer is decided at the end of each step.
    """
    if baseline.p99_s is None or now.p99_s is None:
        return False
    return now.p99_s > _LATER * baseline.p99_s + now.own_lag_s


def _bar(part: int, whole: int, cells: int, glyphs: Glyphs) -> str:
    if cells < 1 or not whole:
        return ""
    eighths = min(8 * cells, 8 * cells * part // whole)
    full, rest = divmod(eighths, 8)
    return (glyphs.levels[-1] * full + (glyphs.levels[rest] if rest else "")).ljust(cells)
