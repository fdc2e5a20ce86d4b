"""Runs the user's ``before`` command at each start of the server; it prints what a client needs to join.

For example, Jupyter needs a kernel to be started, and a login needs a cookie. The command prints a URL,
fields of the opening handshake, or a bearer token, each on a line.
"""

import os
import re
import subprocess

import trio
from msgspec.structs import replace

from ...errors import EnvironmentUnfit, StallsimError
from ..address import Address, parse_url
from ..client.handshake_headers import handshake_headers
from ..client.join import Patience
from ..secrets import Secrets
from ..spec import Target

_AGAIN_S, _LIMIT_S = 0.3, 60.0
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s+(.*)")
"""An HTTP field: its name (RFC 9110 5.6.2) and its value."""
_URL = re.compile(r"[a-z][a-z0-9+.-]*:/\S*", re.IGNORECASE)
_SHOWN = 300


async def prepare(
    command: str, target: Target, address: Address, patience: Patience, secrets: Secrets
) -> tuple[Target, Address]:
    """The target and the address, completed with what the command printed. The command's environment has
    ``PORT`` and ``URL``. What it printed are credentials, which ``secrets`` learns.

    A command that fails is run again while the server is waited for. Raises EnvironmentUnfit if the
    command fails for good, StallsimError for invalid output.
    """
    environment = {**os.environ, "PORT": str(address.port), "URL": address.url}
    while True:
        with trio.move_on_after(_LIMIT_S) as limit:
            ended = await trio.run_process(
                ["/bin/sh", "-c", command],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_stdout=True,
                capture_stderr=True,
                check=False,
            )
        if limit.cancelled_caught:
            raise EnvironmentUnfit(f"`before=`: the command did not end within {_LIMIT_S:g} s")
        if ended.returncode == 0:
            found = _understand(ended.stdout.decode(errors="replace"), target, address)
            secrets.learn(*found)
            return found
        complaint = secrets.masked(ended.stderr.decode(errors="replace"))
        reason = f"`before=` ended with {ended.returncode}: {complaint[-_SHOWN:]!r}"
        if trio.current_time() >= patience.until_s or patience.gone():
            raise EnvironmentUnfit(reason)
        patience.waits(reason)
        await trio.sleep(_AGAIN_S)


def _understand(printed: str, target: Target, address: Address) -> tuple[Target, Address]:
    fields: list[tuple[str, str]] = []
    token = None
    for line in filter(None, map(str.strip, printed.splitlines())):
        if _URL.fullmatch(line):
            found = parse_url(line)
            address = found._replace(port=address.port) if found.wants_a_port else found
        elif field := _FIELD.fullmatch(line):
            fields.append((field[1], field[2]))
        elif len(line.split()) == 1 and token is None:
            token = line
        else:
            raise StallsimError(
                f"`before=` printed a line of {len(line)} characters; expected a URL, "
                "a field ('Cookie: session=7'), or one bearer token, each on a line of its own"
            )
    headers = (*target.headers, *handshake_headers(fields, token=token))
    return replace(target, url=address.url, headers=headers), address
