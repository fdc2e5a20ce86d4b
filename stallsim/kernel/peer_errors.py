"""Errors of a socket that its peer, the network or the kernel has caused, and that count as data."""

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
"""Errors by an RST, a write after the peer has closed, an expired timer or an ICMP error (tcp(7), ip(7)).

ENOBUFS means that the kernel is short of memory (send(2)).
"""


def check_of_the_peer(error: OSError) -> None:
    """Raises the error again if this program has caused it: EBADF of a closed descriptor,
    EINVAL, ENOMEM.
    """
    if error.errno in _OF_THE_PEER:
        return
    import ssl  # noqa: PLC0415 - a megabyte in each process, and most of them meet no TLS

    if not isinstance(error, ssl.SSLError):
        raise error
