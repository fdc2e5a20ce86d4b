"""The fixture ``stalled``: one stall of one server, and the report of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Unpack

import pytest

from .evidence import EvidenceFolder
from .serving import Server

if TYPE_CHECKING:
    from ..timeline.probed.result import StallReport
    from .options import StallOptions, Wanted


@contextmanager
def _while_it_runs(server: Server | str, evidence: EvidenceFolder) -> Iterator[None]:
    """Raises EnvironmentUnfit for a server that has ended: there would be no connection, and no reason."""
    from ..errors import EnvironmentUnfit

    if isinstance(server, str):
        yield
        return
    server.check_runs(evidence.masked)
    try:
        yield
    except EnvironmentUnfit:
        server.check_runs(evidence.masked)
        raise


class Stalled:
    """Called with a server, or a URL, and options: docs/pytest.md has them all."""

    def __init__(self, evidence: EvidenceFolder, marks: Sequence[pytest.Mark] = ()) -> None:
        self._evidence, self._marks = evidence, marks

    def __call__(self, server: Server | str, **options: Unpack["StallOptions"]) -> "StallReport":
        """Stall a client and wake it again; return when it is clear what the server did.

        Raises StallsimError for an invalid option, EnvironmentUnfit if there is no server.
        """
        __tracebackhide__ = True
        from ..errors import EnvironmentUnfit, StallsimError
        from ..probing.probe import probe_blocking
        from .waiting import runs_here

        try:
            wanted = self._wanted(server, options)
            with _while_it_runs(server, self._evidence):
                result = probe_blocking(wanted.spec)
        except EnvironmentUnfit as error:
            hint = "; a server in the test's own event loop needs `await stalled.wait(...)`"
            here = runs_here() and not isinstance(server, Server)
            raise EnvironmentUnfit(f"{error}{hint if here else ''}") from None
        except StallsimError as error:
            raise error.with_traceback(None) from None
        return wanted.conclude(self._evidence, result)

    async def wait(self, server: Server | str, **options: Unpack["StallOptions"]) -> "StallReport":
        """As calling the fixture, without blocking the event loop of asyncio or trio."""
        __tracebackhide__ = True
        from ..errors import StallsimError
        from .waiting import probed

        try:
            wanted = self._wanted(server, options)
            with _while_it_runs(server, self._evidence):
                result = await probed(wanted.spec)
        except StallsimError as error:
            raise error.with_traceback(None) from None
        return wanted.conclude(self._evidence, result)

    def _wanted(self, server: Server | str, options: "StallOptions") -> "Wanted":
        from ..linux import require_linux
        from .options import Wanted, merge

        require_linux()
        merged = merge(self._marks, options)
        return Wanted.of(server, merged, self._evidence)
