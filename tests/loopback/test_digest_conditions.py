"""What the way to 127.0.0.1 is set to is among the conditions of a digest from the machine's own stack."""

import fcntl
import socket
import struct
from collections.abc import Callable

import msgspec
import pytest

from stallsim.kernel import loopback, loopback_path, private_stack
from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.timeline.ledger import make_ledger

from .nobody import forked

pytestmark = pytest.mark.loopback
_SIOCSIFMTU = 0x8922
Told = tuple[str, list[str]]
TIMERS = {"net.ipv4.tcp_early_retrans": 0}
"""Without loss probes, which a busy machine's own stack sends."""


def set_mtu() -> None:
    with socket.socket() as sock:
        fcntl.ioctl(sock, _SIOCSIFMTU, struct.pack("16si20x", b"lo", 1500))


def set_quickack() -> None:
    loopback.set_route(loopback.Route(quickack=True, rto_min_ms=None))


def told_where(change: Callable[[], None] = lambda: None) -> Told:
    """The digest and its conditions, on a machine's own stack that has been changed."""

    def work() -> str:
        private_stack.enter(TIMERS)  # as the machine's, and with nobody else in it
        change()
        execution = Execution(load_profile("zero-window", ["stack.private=false"]))
        execution.prepare()
        ledger = make_ledger(execution.execute())
        return msgspec.json.encode((ledger.digest, ledger.conditions)).decode()

    return msgspec.json.decode(forked(work), type=Told)


def test_a_new_loopback_is_as_expected() -> None:
    def work() -> str:
        private_stack.enter({})
        return str(loopback_path.changed())

    assert forked(work) == "[]"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_mtu, "the loopback's mtu is 1500"),
        (set_quickack, "the quickack of the route to 127.0.0.1 is 1"),
    ],
)
def test_a_changed_loopback_or_route_is_a_condition(change: Callable[[], None], words: str) -> None:
    _, usual = told_where()
    _, conditions = told_where(change)
    assert conditions == [*usual, words]


@pytest.mark.parametrize(("key", "value"), [("tcp_syncookies", 2), ("tcp_tso_rtt_log", 0)])
def test_a_setting_that_is_not_the_kernel_s_default_is_a_condition(key: str, value: int) -> None:
    def work() -> str:
        private_stack.enter({f"net.ipv4.{key}": value})
        execution = Execution(load_profile("zero-window", ["stack.private=false"]))
        execution.prepare()
        assert execution.stack is not None
        return " ".join(execution.stack.conditions)

    assert f"net.ipv4.{key}={value}" in forked(work)
