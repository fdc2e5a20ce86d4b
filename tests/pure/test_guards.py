"""Guards: the state and the time after which each acts, and which of several acts first."""

import socket

import pytest

from stallsim.server.defence import Defence
from stallsim.server.guards import GUARDS, Disconnection, Guard, StateTimes
from stallsim.server.guards.close_timeout import CloseTimeout
from stallsim.server.guards.handshake_timeout import HandshakeTimeout
from stallsim.server.guards.notsent_lowat import NotsentLowat
from stallsim.server.guards.ping_timeout import PingTimeout
from stallsim.server.guards.tcp_keepalive import TcpKeepalive
from stallsim.server.guards.tcp_user_timeout import TcpUserTimeout
from stallsim.server.guards.write_timeout import WriteTimeout
from stallsim.server.policies.unbounded import Unbounded

FINE = StateTimes(handshake_s=None, unanswered_s=None, blocked_s=None, closing_s=None)
PATIENCE = [
    (HandshakeTimeout(after=2.0), "handshake_s"),
    (PingTimeout(timeout=2.0), "unanswered_s"),
    (WriteTimeout(after=2.0), "blocked_s"),
    (CloseTimeout(after=2.0), "closing_s"),
]
"""A guard that decides itself, with a patience of 2 s, and the field of ``StateTimes`` that it looks at."""
TICK_S = 0.1


@pytest.mark.parametrize(("guard", "state"), PATIENCE, ids=[guard.name for guard, _ in PATIENCE])
def test_a_guard_acts_at_its_time_and_not_before(guard: Guard, state: str) -> None:
    waited = [FINE._replace(**{state: tick * TICK_S}) for tick in range(30)]
    assert [guard.due(times) for times in waited] == [False] * 20 + [True] * 10
    others = [name for name in StateTimes._fields if name != state]
    assert not guard.due(FINE._replace(**dict.fromkeys(others, 1e9)))


@pytest.mark.parametrize("name", GUARDS.names())
def test_no_guard_acts_on_a_healthy_connection(name: str) -> None:
    guard = GUARDS.find(name)()
    assert guard.name == name
    assert not guard.due(FINE)


@pytest.mark.parametrize("name", GUARDS.names())
def test_a_guard_that_decides_has_its_row_and_every_other_sets_a_socket_option(name: str) -> None:
    kind = GUARDS.find(name)
    if kind.due is Guard.due:
        assert kind.prepare is not Guard.prepare, f"{name} has neither `due` nor `prepare`: it does nothing"
        return
    rows = {guard.name for guard, _ in PATIENCE}
    assert name in rows, (
        f"PATIENCE in tests/pure/test_guards.py needs a row for {name}: the guard with a patience of 2 s, "
        "and the field of StateTimes that `due` looks at; else a `due` that is always False would pass"
    )


def test_a_time_that_is_a_sum_of_ticks_is_long_enough() -> None:
    waited = sum([TICK_S] * 3, start=0.7) - 0.7  # 0.29999999999999993
    assert waited < 0.3
    assert WriteTimeout(after=0.3).due(FINE._replace(blocked_s=waited))


def test_the_first_guard_whose_time_is_over_acts() -> None:
    defence = Defence(Unbounded(), [WriteTimeout(after=5.0), PingTimeout(timeout=1.0)])
    acting = [defence.overdue(FINE._replace(blocked_s=t, unanswered_s=t)) for t in (0.5, 1.0, 5.0)]
    assert [guard and guard.name for guard in acting] == [None, "ping-timeout", "write-timeout"]


def test_a_close_that_is_wanted_already_leaves_room_for_an_abort() -> None:
    closes = WriteTimeout(after=1.0, end=Disconnection.CLOSE)
    defence = Defence(Unbounded(), [closes, CloseTimeout(after=3.0)])
    times = FINE._replace(blocked_s=10.0)
    assert defence.overdue(times) is closes
    assert defence.overdue(times._replace(closing_s=1.0)) is None
    last = defence.overdue(times._replace(closing_s=3.0))
    assert last is not None
    assert (last.name, last.ends_by) == ("close-timeout", Disconnection.ABORT)


def test_pings_come_as_often_as_the_most_eager_guard_wants() -> None:
    assert Defence(Unbounded()).ping_interval_s is None
    assert Defence(Unbounded(), [WriteTimeout(), PingTimeout(interval=3.0)]).ping_interval_s == 3.0


def test_the_kernels_guards_are_socket_options() -> None:
    tcp = socket.IPPROTO_TCP
    with socket.socket() as sock:
        TcpUserTimeout(after=1.5).prepare(sock)
        TcpKeepalive(idle=3, interval=2, count=4).prepare(sock)
        NotsentLowat(limit=4096).prepare(sock)
        assert sock.getsockopt(tcp, socket.TCP_USER_TIMEOUT) == 1500
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        assert [sock.getsockopt(tcp, option) for option in options] == [3, 2, 4]
        assert sock.getsockopt(tcp, socket.TCP_NOTSENT_LOWAT) == 4096
