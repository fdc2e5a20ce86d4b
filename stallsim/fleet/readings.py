"""One worker's readings: its tally, its witnesses, the server's ends and memory, and what has changed."""

import resource
from collections.abc import Iterator, Sequence
from contextlib import suppress

import psutil
import trio

from ..kernel.tcp_memory import tcp_bytes, tcp_left_bytes
from ..probing.observe.server_view import ServerView
from ..timeline.events.fleet import ClientsEnded, ClientsRefused, ClientsUnanswered
from ..timeline.fleet.clients import HeldCount
from ..timeline.fleet.looks import FleetLook, KernelMemory
from ..timeline.fleet.reading import Reading
from ..timeline.fleet.steps import Room
from .holders import Holders
from .kernel_memory import KernelMemoryReader
from .look import Looker
from .witnesses import Witnesses


class Readings:
    """Reads on demand; must be asked from one task at a time."""

    def __init__(
        self,
        witnesses: Witnesses,
        view: ServerView,
        holders: Holders,
        port: int,
        kernel_memory: KernelMemoryReader,
    ) -> None:
        self._witnesses, self._view, self._holders = witnesses, view, holders
        self._looker = Looker(view.diag, port) if view.diag is not None else None
        self._kernel_memory = kernel_memory

    async def read(self, tick: int, *, memory: bool) -> Sequence[Reading]:
        """Now, and of every worker that has read since. What the witnesses saw is since then, too.

        ``memory``: whether to read what the kernel has charged to the sockets as well. The sockets are read
        in a thread, so that the witnesses are served meanwhile. A socket that ends meanwhile is in a dump
        or not. A cancellation waits for the end, so no descriptor is closed while it is in use.
        """
        look, kernel_memory = await trio.to_thread.run_sync(self._sockets, memory)
        process = self._view.memory.read() if self._view.memory else None
        alive = process if process is not None and process.alive else None
        own = Reading(
            tick=tick,
            tally=HeldCount(),
            witnessed=self._witnesses.turn(),
            look=look,
            rss_bytes=alive.rss_bytes if alive else None,
            cpu_s=alive.cpu_s if alive else None,
            tcp_memory_bytes=tcp_bytes(),
            kernel_memory=kernel_memory,
        )
        return self._holders.readings(own)

    def _sockets(self, memory: bool) -> tuple[FleetLook | None, KernelMemory | None]:
        look = self._looker.look() if self._looker else None
        return look, self._kernel_memory.read() if memory else None

    def room(self, limit_bytes: int | None) -> Room:
        """What is left now, with that limit of the server's memory."""
        rss = self._view.rss_bytes()
        limited = None if limit_bytes is None or rss is None else max(0, limit_bytes - rss)
        return Room(
            memory_bytes=self._view.available_bytes() if limit_bytes is None else limited,
            tcp_bytes=tcp_left_bytes(),
            descriptors=self._descriptors(),
        )

    def descriptors_gone(self) -> str:
        """That a process of the server has no descriptor left; empty where that is not seen."""
        for pid in self._view.memory.pids if self._view.memory else ():
            with suppress(psutil.Error):  # another user's, or gone
                process = psutil.Process(pid)
                used, limit = process.num_fds(), process.rlimit(resource.RLIMIT_NOFILE)[0]
                if used >= limit:
                    return f"a process of the server has {used:,} of {limit:,} descriptors open (ulimit -n)"
        return ""

    def _descriptors(self) -> int | None:
        """The least limit of open files of the server's processes; None where it may not be read."""
        found = []
        for pid in self._view.memory.pids if self._view.memory else ():
            try:
                found.append(psutil.Process(pid).rlimit(resource.RLIMIT_NOFILE)[0])
            except psutil.Error:
                continue  # another user's, or gone
        return min(found, default=None)


def memory_unread(view: ServerView) -> str:
    """Why memory and CPU of the server's processes cannot be read, and what would help; empty: they can."""
    if view.memory is not None:
        return ""
    if view.remedy or view.visible:
        return view.remedy or "the server is a part of stallsim's own process"
    return (
        "the server's end of a connection is not seen from here: start the fleet where the server is, or "
        "name the server's process with `pid=` if it is on this machine (for example in a container)"
    )


def changes(before: Reading, now: Reading) -> Iterator[ClientsRefused | ClientsUnanswered | ClientsEnded]:
    """What the server has done to clients between two readings; an end is told once, as first seen."""
    for reason, count in now.tally.refused.items():
        if count > (was := before.tally.refused.get(reason, 0)):
            yield ClientsRefused(clients=count - was, reason=reason)
    for given, count in now.tally.unanswered.items():
        if count > (was := before.tally.unanswered.get(given, 0)):
            yield ClientsUnanswered(clients=count - was, given=given)
    counted = max(0, before.ended_unseen - now.ended_unseen)  # as FIN-WAIT-1; by now these clients see it
    for how, count in now.ends.items():
        more = count - before.ends.get(how, 0)
        new = max(0, more - counted)
        counted -= max(0, more) - new
        if new:
            yield ClientsEnded(clients=new, how=how)
