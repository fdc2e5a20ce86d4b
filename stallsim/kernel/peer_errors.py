"""Errors of a socket that are no fault of ours, but of its peer, the network or the kernel: data."""

import errno

_OF_THE_PEER = frozenset(
    {
        errno.ECONNRESET,
        errno.EPIPE,
        errno.ECONNABORTED,
        errno.ECONNREFUSED,
        errno.ETIMEDOUT,
        errno.EHOSTUNREACH,
        errno.EHOSTDOWN,
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.ENETRESET,
        errno.EPROTO,
        errno.ENOTCONN,
        errno.ENOBUFS,
    }
)
"""tcp(7), ip(7): an RST, a write after the peer has closed, a timer that ran out, an ICMP error.

send(2): ENOBUFS, the kernel is short of memory.
"""


def check_of_the_peer(error: OSError) -> None:
    """Raises the error again where it is our own fault: EBADF of a closed descriptor, EINVAL, ENOMEM."""
    if error.errno in _OF_THE_PEER:
        return
    import ssl  # noqa: PLC0415 - a megabyte in each process, and most of them meet no TLS

    if not isinstance(error, ssl.SSLError):
        raise error
