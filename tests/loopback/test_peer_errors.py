"""An error that the peer has caused is data; an error that this program has caused is raised."""

import errno
import os
import socket
import ssl

import pytest

from stallsim.kernel.options import abort
from stallsim.kernel.peer_errors import check_of_the_peer


def test_a_reset_is_the_peers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
        abort(theirs)
        with ours, pytest.raises(ConnectionResetError) as met:
            ours.recv(1)
    check_of_the_peer(met.value)


def test_a_descriptor_that_we_have_closed_is_our_own_fault() -> None:
    ours, theirs = socket.socketpair()
    ours.close()
    theirs.close()
    with pytest.raises(OSError, match="Bad file descriptor") as met:
        ours.recv(1)
    with pytest.raises(OSError, match="Bad file descriptor"):
        check_of_the_peer(met.value)


@pytest.mark.parametrize("code", [errno.EBADF, errno.EINVAL, errno.ENOMEM, errno.EMFILE, errno.EFAULT])
def test_no_error_of_this_program_or_machine_is_taken_for_the_peers(code: int) -> None:
    with pytest.raises(OSError, match=os.strerror(code)):
        check_of_the_peer(OSError(code, os.strerror(code)))


def test_what_tls_complains_of_is_the_peers() -> None:
    check_of_the_peer(ssl.SSLError(1, "bad record mac"))
