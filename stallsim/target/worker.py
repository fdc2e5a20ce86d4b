"""The process behind ``probe_blocking``: a spec as JSON on standard input, a result on standard output."""

import sys

import msgspec
import trio

from ..errors import ExitCode, StallsimError
from ..interruption import innermost, until_signal
from .probe import probe
from .result import ProbeResult
from .spec import ProbeSpec
from .stack import enter_if_wanted


def main() -> int:
    """Its exit code is that of the error, whose one line is on standard error."""
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=ProbeSpec)
    found: list[ProbeResult] = []

    async def work() -> None:
        found.append(await probe(spec))

    try:
        enter_if_wanted(spec)
        interrupted = trio.run(until_signal, work)
    except (StallsimError, BaseExceptionGroup) as raised:
        error = innermost(raised) if isinstance(raised, BaseExceptionGroup) else raised
        if not isinstance(error, StallsimError):
            raise
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    if interrupted:
        return ExitCode.INTERRUPTED
    sys.stdout.buffer.write(msgspec.json.encode(found[0]))
    return ExitCode.PASS


if __name__ == "__main__":
    sys.exit(main())
