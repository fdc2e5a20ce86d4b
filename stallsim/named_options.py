"""Options that a message names, as whoever reads it writes them.

Below the edges an option is named as Python has it, in back quotes, as ``watch=`` or ``verify_tls=False``.
The API and the pytest plugin show it so; the command line puts its own spelling there.
"""

import re

_FLAGS = {
    "allow_remote": "--allow-remote",
    "baseline": "--baseline",
    "ca_file": "--ca",
    "command": "--exec",
    "force": "--force",
    "every": "--every",
    "headers": "--header",
    "hello": "--hello",
    "keepalive": "--keepalive",
    "max_queue": "--max-queue",
    "must_close_within": "--must-close-within",
    "pid": "--pid",
    "private_stack": "--private-stack",
    "rate": "--rate",
    "refused": "--for",
    "replies": "--reply",
    "send": "--send",
    "stop_at": "--stop-at",
    "subprotocols": "--subprotocol",
    "token": "--token",
    "verify_tls": "--insecure",
    "watch": "--watch",
}
_NAMED = re.compile(r"`(\w+)=(?:True|False)?`")


def for_command_line(text: str) -> str:
    """The same with flags: ``--watch``, ``--insecure``."""
    return _NAMED.sub(lambda named: _FLAGS.get(named[1], named[0]), text)
