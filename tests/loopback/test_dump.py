"""All connections of a port in one dump; each glance is compared with the full reading."""

import socket
from contextlib import ExitStack

import pytest

from stallsim.kernel.diag_socket import SocketId, TcpState, unpack_diag
from stallsim.kernel.glance import Glance, Glances
from stallsim.kernel.netlink import DONE, ERROR, messages, stride
from stallsim.kernel.sock_diag import CONNECTED, SockDiag
from stallsim.kernel.socket_rows import SocketRows

from .connections import connected, listen, write_until_refused

pytestmark = pytest.mark.loopback


def test_a_dump_holds_the_ports_connections_and_no_others() -> None:
    with listen("::") as listener, listen("127.0.0.1") as other, ExitStack() as stack, SockDiag() as diag:
        port = listener.getsockname()[1]
        pairs = [stack.enter_context(connected(listener, host)) for host in ("127.0.0.1", "::1") * 60]
        stack.enter_context(connected(other, "127.0.0.1"))
        ids = [unpack_diag(message).id for message in diag.dump(port, CONNECTED)]
        clients = {pair.client_at[1] for pair in pairs}
        assert len(ids) == len(pairs)
        assert {one.peer_port for one in ids} == clients
        assert {one.own_port for one in ids} == {port}
        assert {one.peer_host for one in ids} == {"::ffff:127.0.0.1", "::1"}
        assert len({one.cookie for one in ids}) == len(pairs)
        everything = [unpack_diag(message).id for message in diag.dump(0, CONNECTED)]
        assert set(ids) < set(everything), "port 0: of every port, the clients' ends too"


def test_an_address_is_written_as_its_family_writes_it() -> None:
    ipv4 = socket.inet_pton(socket.AF_INET, "10.1.2.3") + bytes(12)
    ipv6 = socket.inet_pton(socket.AF_INET6, "fe80::1")
    assert SocketId(socket.AF_INET, 1, 2, ipv4, ipv4, 0).own_host == "10.1.2.3"
    assert SocketId(socket.AF_INET6, 1, 2, ipv6, ipv6, 0).peer_host == "fe80::1"


def test_a_glance_equals_the_full_reading() -> None:
    with listen("127.0.0.1") as listener, connected(listener, "127.0.0.1") as ends, SockDiag() as diag:
        ends.client.send(b"unread")
        write_until_refused(ends.server)
        glances = Glances()
        for message in [
            m for port in (ends.server_at[1], ends.client_at[1]) for m in diag.dump(port, CONNECTED)
        ]:
            glance, full = glances.read(message), unpack_diag(message)
            assert full.info is not None
            assert glance == Glance(
                full.state, full.id.cookie, full.rqueue, full.wqueue, full.inode,
                full.info.bytes_acked, full.info.snd_wnd, full.info.snd_mss, full.info.notsent_bytes,
                full.retrans,
            )  # fmt: skip
            longer = message + bytes([8, 0, 99, 0, 1, 2, 3, 4])  # an attribute that nobody asked for
            before = message[:72] + bytes([8, 0, 99, 0, 1, 2, 3, 4]) + message[72:]
            assert glances.read(longer) == glances.read(before) == glances.read(longer) == glance


def test_a_row_equals_the_glance_in_any_layout_of_messages() -> None:
    with listen("127.0.0.1") as listener, ExitStack() as stack, SockDiag() as diag:
        pairs = [stack.enter_context(connected(listener, "127.0.0.1")) for _ in range(80)]
        for pair in pairs[::2]:
            write_until_refused(pair.server)
        glances, port = Glances(), pairs[0].server_at[1]
        datagrams = diag.datagrams(port, CONNECTED)
        reader = SocketRows((16, "I"), (120, "Q"), (144, "I"), (228, "I"))
        rows = [row for datagram in datagrams for row in reader.read(datagram)]
        seen = {}
        for datagram in datagrams:
            for one in (
                glances.read(message) for kind, message in messages(datagram) if kind not in (ERROR, DONE)
            ):
                if one is not None:
                    seen[one.cookie] = one
        assert len(rows) == len(seen) == 80
        for state, retrans, cookie, rqueue, wqueue, inode, mss, acked, notsent, window in rows:
            assert seen[cookie] == (
                state, cookie, rqueue, wqueue, inode, acked, window, mss, notsent, retrans
            )  # fmt: skip
        first = next(datagram for datagram in datagrams if stride(datagram))
        done = (20).to_bytes(4, "little") + (3).to_bytes(2, "little") + bytes(14)
        assert list(reader.read(first + done)) == list(reader.read(first)), "one by one, but the same"


def test_the_clients_ends_are_found_by_the_servers_port() -> None:
    with listen("127.0.0.1") as listener, ExitStack() as stack, SockDiag() as diag:
        pairs = [stack.enter_context(connected(listener, "127.0.0.1")) for _ in range(3)]
        port = listener.getsockname()[1]
        found = [
            unpack_diag(message)
            for datagram in diag.datagrams(0, CONNECTED, peer_port=port)
            for kind, message in messages(datagram)
            if kind not in (ERROR, DONE)
        ]
        own = sorted(one.id.own_port for one in found if one.state is TcpState.ESTABLISHED)
        assert own == sorted(pair.client_at[1] for pair in pairs)


def test_what_is_no_full_socket_has_no_glance() -> None:
    assert Glances().read(bytes([socket.AF_INET, TcpState.FIN_WAIT2]) + bytes(70)) is None
