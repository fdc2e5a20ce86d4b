"""The process behind ``probe_blocking``: a spec as JSON on standard input, a result on standard output."""

import sys

import msgspec

from ..errors import ExitCode, StallsimError
from .perform import perform
from .spec import ProbeSpec


def main() -> int:
    """Its exit code is that of the error, whose one line is on standard error."""
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=ProbeSpec)
    try:
        result = perform(spec)
    except StallsimError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    if result is None or result.interrupted:
        return ExitCode.INTERRUPTED
    sys.stdout.buffer.write(msgspec.json.encode(result))
    return ExitCode.PASS


if __name__ == "__main__":
    sys.exit(main())
