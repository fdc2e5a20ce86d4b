"""The rules for a server that ends connections of clients that read. If the server states a reason, its
own words come first.
"""

from typing import assert_never

from ...timeline.probed.measures import Cut, Healthy
from ...units import format_seconds, format_size
from ..observe.observation import Observation
from .judgement import Judgement, inconclusive
from .machine import withheld_most

TWO_AT_ONCE = "the server must allow two connections at once from one address and with one set of headers"
_SOON_S = 1.0
_LATE_S = 0.5
"""If this program did not read for this long, it may itself have caused the server to end a client."""
_LATE_BYTES = 2**18
"""If this many bytes came while this program did not read, it may itself have caused the server to end a
client.
"""
_UNREAD_BYTES = 2**16
"""If this many bytes were unread in this program's kernel, it may itself have caused the server to end a
client.
"""
_LATE_BYTES_SMALL = 2**15
"""``_LATE_BYTES`` for a client before its stall: its small receive buffer fills in a moment."""
_UNREAD_BYTES_SMALL = 1
"""``_UNREAD_BYTES`` for a client before its stall."""
_TIMES_MIN = 2
"""A client that was ended before its stall is tried again. Fewer ends than this may be an accident."""
_NO_CODE = 1005
"""The code that stands for a Close frame without a code (RFC 6455 7.4.1)."""


def healthy_cuts(seen: Observation) -> tuple[Cut, ...]:
    """The ends of healthy clients that neither a crash of the server nor a limit of two connections
    explains.
    """
    if seen.record.server_gone:
        return ()
    cuts = [one for one in seen.record.cuts if not _late(one) and (one.alone or one.after_s >= _SOON_S)]
    before = [one for one in cuts if one.who is Healthy.BEFORE_ITS_STALL]
    if before:
        others = [one for one in cuts if one not in before]
        cuts = [*others, *(before[:1] if len(before) >= _TIMES_MIN else ())]
    slow = slow_client_cut(seen)
    if slow is not None and not withheld_most(seen):
        cuts.append(slow)
    return tuple(cuts)


def slow_client_cut(seen: Observation) -> Cut | None:
    """How the server ended a client that is alive and reads slowly; None if it did not."""
    end = seen.record.end
    if end is None or not seen.stall.healthy or seen.record.ended_before or end.how == "protocol-error":
        return None
    after_s = seen.samples[-1].at_s if end.decided_after_s is None else end.decided_after_s
    return Cut(
        who=Healthy.SLOW_CLIENT,
        alone=False,
        after_s=round(after_s, 3),
        how=end.how,
        code=end.code,
        reason=end.reason,
    )


def _late(one: Cut) -> bool:
    small = one.who is Healthy.BEFORE_ITS_STALL
    late, unread = (_LATE_BYTES_SMALL, _UNREAD_BYTES_SMALL) if small else (_LATE_BYTES, _UNREAD_BYTES)
    behind = one.own_lag_s * one.bytes_per_s >= late or one.unread_bytes >= unread
    return behind or one.own_lag_s >= _LATE_S


def cut_words(cut: Cut, who: str = "", *, has_ping: bool = True) -> str:
    """One sentence with the status code and the server's own reason."""
    since = "into the stall" if cut.who is Healthy.SLOW_CLIENT else "after it had joined"
    when = f"{format_seconds(max(cut.after_s, 1e-3))} {since}"
    by_means = {
        "fin": "by FIN, without a Close",
        "rst": "by RST, without a Close",
        "state": "without a Close",
    }
    if not has_ping:
        by_means = {
            "close": "by the end of its answer",
            "fin": "by FIN",
            "rst": "by RST",
            "state": "which the client did not notice",
        }
    code = ", no code" if cut.code in (None, _NO_CODE) else f" {cut.code}"
    how = by_means.get(cut.how) or f"with Close{code}" + (
        f' "{cut.reason}"' if cut.reason else ", no reason"
    )
    return f"the server ended the connection of {who or _whose(cut.who, has_ping)}, {when}, {how}"


def _whose(who: Healthy, has_ping: bool) -> str:
    match who:
        case Healthy.WITNESS | Healthy.BEFORE_ITS_STALL:
            return "a client that reads everything" + (" and answers every Ping" if has_ping else "")
        case Healthy.SILENT_CONTROL if has_ping:
            return "a client that reads everything, answers every Ping and sends nothing"
        case Healthy.SILENT_CONTROL:
            return "a client that reads everything and sends nothing"
        case Healthy.SLOW_CLIENT:
            return "a client that is alive"
        case _:
            assert_never(who)


def cut(seen: Observation) -> Judgement | None:
    """The judgement if the server ended a client without which the stall shows nothing; None otherwise."""
    ends = {one.who: one for one in seen.record.cuts}
    witness, control = ends.get(Healthy.WITNESS), ends.get(Healthy.SILENT_CONTROL)
    sure = {one.who for one in healthy_cuts(seen)}
    if witness is not None:
        words = cut_words(witness, has_ping=seen.record.has_ping)
        change = (
            "find the reason in the server's Close or in its log; give what the server requires of its "
            "clients with `hello=`, `token=`, `headers=`, `replies=`"
        )
        if Healthy.WITNESS in sure:
            return inconclusive(words, change)
        if _late(witness):
            return inconclusive(
                f"{words}; just before, stallsim itself did not run for "
                f"{format_seconds(max(witness.own_lag_s, 1e-3))}, and had up to "
                f"{format_size(witness.unread_bytes)} unread",
                "a machine that is less busy: stallsim may have read too late, and the server may have "
                "ended the connection because of that",
            )
        return inconclusive(words, f"{TWO_AT_ONCE}; {change}")
    if seen.record.witness_ended:
        return inconclusive(
            "the witness's connection ended, but the server did not end it: the received bytes violate the "
            "protocol",
            "see the server's log",
        )
    if control is not None and seen.record.end is not None and Healthy.SILENT_CONTROL in sure:
        return inconclusive(
            f"{cut_words(control, has_ping=seen.record.has_ping)}; the stalled client's connection ended "
            "as well, so its end does not show how the server treats stalls",
            "let the client send what the server waits for: `send=` and `every=`",
        )
    return None
