"""Chooses the network stack of a run: a private one wherever possible, or the machine's.

In lockstep no time passes. So in a private stack every timer that could move a byte is set too late to
fire, and the settings that decide segments and windows are fixed, whatever the machine's are. On the
machine's stack timers run, and only their counters show whether one has fired (docs/determinism.md).
"""

import resource
from typing import NamedTuple

from ..errors import Unavailable
from ..kernel import black_hole, loopback_path, private_stack
from ..kernel.loopback import Route
from ..kernel.sysctl import FRAGMENTS, RTO_MIN, SINGLE_PAGES, read_sysctls, sysctl_path
from ..profile.scenario import Pace, Scenario
from .resolve import Participants

_OUT_OF_REACH_MS = 60_000
_TIMERS: dict[str, str | int] = {
    RTO_MIN: _OUT_OF_REACH_MS * 1000,  # retransmission; the persist timer begins with it (tcp_probe0_base)
    "net.ipv4.tcp_early_retrans": 0,  # loss probes
    "net.ipv4.tcp_slow_start_after_idle": 0,  # a congestion window that shrinks by the clock
    "net.ipv4.tcp_tso_rtt_log": 31,  # bursts of a size that the measured round trips decide
    "net.ipv4.tcp_tso_win_divisor": 255,  # a small burst that waits for more, or not, by the clock
    "net.ipv4.tcp_no_metrics_save": 1,  # what one connection has measured, used by the next
}
_TIMERS_AS_THEY_ARE: dict[str, str | int] = {
    RTO_MIN: 200_000,
    "net.ipv4.tcp_early_retrans": 3,
    "net.ipv4.tcp_slow_start_after_idle": 1,
    "net.ipv4.tcp_tso_rtt_log": 9,
    "net.ipv4.tcp_tso_win_divisor": 3,
    "net.ipv4.tcp_no_metrics_save": 0,
}
"""The same at the kernel's defaults, as the machine's own stack has them if nobody has changed them."""
_SHAPES: dict[str, str | int] = {
    "net.ipv4.tcp_timestamps": 1,
    "net.ipv4.tcp_window_scaling": 1,
    "net.ipv4.tcp_sack": 1,
    "net.ipv4.tcp_ecn": 2,
    "net.ipv4.tcp_app_win": 31,
    "net.ipv4.tcp_adv_win_scale": 1,
    "net.ipv4.tcp_shrink_window": 0,
    "net.ipv4.tcp_mtu_probing": 0,
    "net.ipv4.tcp_min_snd_mss": 48,
    "net.ipv4.tcp_syncookies": 1,  # 2: every connection has a cookie's few segment sizes
    "net.ipv4.tcp_no_ssthresh_metrics_save": 1,
}
"""The settings that decide the size of segments and windows, at the kernel's defaults."""
_PAGES: dict[str, str | int] = {SINGLE_PAGES: 0, FRAGMENTS: 17}
"""Settings of the whole machine, which are not changed."""
_PAGE_BYTES = 4096


class EnteredStack(NamedTuple):
    """The network stack that a run is in, and its settings."""

    private: bool
    sysctl: dict[str, str]
    """The relevant settings as they are in force."""
    conditions: list[str]
    """The conditions under which a lockstep run's digest is comparable: the stack, and its unexpected
    settings.
    """
    no_private: str = ""
    """Why it is not private although the run would have liked that."""


def enter_stack(scenario: Scenario, participants: Participants) -> EnteredStack:
    """Move this process permanently into the stack that the scenario needs.

    A lockstep run gets a private stack wherever possible, unless the scenario has ``stack.private =
    false``; a realtime run if it asks for one, or if a client's network must vanish. Raises Unavailable if
    what it needs is not possible, EnvironmentUnfit if a setting is refused.
    """
    lockstep = scenario.pace is Pace.LOCKSTEP
    machine = read_sysctls()
    private, no_private = False, ""
    must = scenario.wants_private_stack or (participants.needs_black_hole and not black_hole.permitted())
    if scenario.stack.private is not False and (must or lockstep):
        settings = {**_pins(), **scenario.stack.sysctl} if lockstep else scenario.stack.sysctl
        own_rto = RTO_MIN in scenario.stack.sysctl
        route = Route(quickack=True, rto_min_ms=None if own_rto else _OUT_OF_REACH_MS) if lockstep else None
        try:
            private_stack.enter(settings, route)
            private = True
        except Unavailable as error:
            if must:
                raise
            no_private = error.reason
    elif participants.needs_black_hole:
        black_hole.require()
    sysctl = {
        **machine,
        **(read_sysctls() if private else {}),
    }  # some settings are the machine's, and cannot be read in a private stack
    return EnteredStack(private, sysctl, _conditions(private, sysctl), no_private)


def as_it_is() -> EnteredStack:
    """The machine's stack, for a run that enters no other."""
    sysctl = read_sysctls()
    return EnteredStack(False, sysctl, _conditions(False, sysctl))


def _pins() -> dict[str, str | int]:
    """The settings that pin a lockstep run, as far as this kernel has them."""
    return {key: value for key, value in {**_TIMERS, **_SHAPES}.items() if sysctl_path(key).exists()}


def _conditions(private: bool, sysctl: dict[str, str]) -> list[str]:
    expected = _SHAPES | _PAGES | (_TIMERS if private else _TIMERS_AS_THEY_ARE)
    changed = [
        f"{key}={sysctl[key]}"
        for key, value in expected.items()
        if sysctl.get(key, str(value)) != str(value)
    ]
    page_bytes = resource.getpagesize()
    return [
        "a private stack" if private else "the machine's own stack",
        *changed,
        *([] if private else _path()),  # a new loopback is as expected
        *([f"pages of {page_bytes:,} bytes"] if page_bytes != _PAGE_BYTES else []),
    ]


def _path() -> list[str]:
    try:
        return loopback_path.changed()
    except OSError:
        return ["a loopback whose properties cannot be read"]
