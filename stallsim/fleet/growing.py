"""A fleet that grows step by step: opened, looked at, held, woken, and everything that was read."""

import os
import resource
from collections.abc import Callable

import psutil
import trio
from msgspec.structs import replace

from ..kernel.tcp_memory import tcp_memory
from ..probing.observe.server_view import ServerView
from .cost import cost
from .holders import Holders
from .judging import capacity, suffering
from .look import Looker
from .preflight import pressed
from .result import FleetResult, Step
from .spec import FleetSpec
from .witnesses import Witnessed, Witnesses

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_POLL_S, _LOOK_EACH_S = 0.1, 0.8
_WAKE_S = 3.0

Listener = Callable[[Step], None]
"""Is given the fleet as it stands, a few times a second, with what the witnesses showed last."""


class Growth:
    """``result`` is what is known so far, also where ``run`` is cut short; None before the first step."""

    def __init__(
        self,
        spec: FleetSpec,
        url: str,
        port: int,
        witnesses: Witnesses,
        view: ServerView,
        holders: Holders,
        listener: Listener | None,
    ) -> None:
        self._spec, self._url, self._listener = spec, url, listener
        self._witnesses, self._view, self._holders = witnesses, view, holders
        self._looker = Looker(view.diag, port) if view.diag is not None else None
        self._before = (view.rss_bytes(), _tcp_bytes())
        self._steps: list[Step] = []
        self._stopped = ""
        self.result: FleetResult | None = None

    async def run(self) -> FleetResult:
        """All steps, or as many as the server and the machine stand."""
        spec = self._spec
        self._witnesses.turn()
        await trio.sleep(spec.baseline_s)
        baseline = self._witnesses.turn()
        for number in range(1, spec.steps + 1):
            self._steps.append(await self._step(spec.clients * number // spec.steps, baseline))
            self.result = self._summarize(baseline, None)
            if self._stopped:
                break
        last = self._steps[-1]
        await self._wait(spec.hold_s, last.clients, last.witnessed)
        woken = None
        if spec.wake_share:
            self._witnesses.turn()
            await self._holders.wake(spec.wake_share)
            await self._wait(_WAKE_S, last.clients, last.witnessed)
            woken = self._witnesses.turn()
        self.result = self._summarize(baseline, woken)
        return self.result

    async def _step(self, wanted: int, baseline: Witnessed) -> Step:
        spec = self._spec
        before = self._steps[-1].clients if self._steps else 0
        await self._holders.open(wanted - before, spec.mix, spec.rate_per_s)
        await self._await_open(wanted, baseline)
        self._witnesses.turn()
        cpu_s, began_s = self._cpu_s(), trio.current_time()
        await self._wait(spec.look_s, wanted, baseline)
        used_s, seconds = self._cpu_s(), trio.current_time() - began_s
        share = None if used_s is None or cpu_s is None else round(max(0.0, used_s - cpu_s) / seconds, 3)
        witnessed = self._witnesses.turn()
        worse = suffering(baseline, witnessed)
        if not spec.goes_on:
            self._stopped = self._stopped or worse
        return replace(self._read(wanted, witnessed), cpu_share=share, suffering=worse)

    async def _await_open(self, wanted: int, baseline: Witnessed) -> None:
        with trio.move_on_after(self._spec.opening_s) as opening:
            while self._holders.tally.wanted < wanted or not self._holders.tally.settled:
                await trio.sleep(_POLL_S)
                self._tell(wanted, baseline)
                if pressed():
                    self._stopped = "the machine's TCP memory ran short (net.ipv4.tcp_mem)"
                    return
        if opening.cancelled_caught:
            limit_s = self._spec.opening_s
            self._stopped = f"the server had not opened {wanted:,} clients after {limit_s:g} s"

    async def _wait(self, seconds: float, wanted: int, witnessed: Witnessed) -> None:
        """Look now and then: a stall takes two looks in a row."""
        end_s = trio.current_time() + seconds
        while (left_s := end_s - trio.current_time()) > 0:
            await trio.sleep(min(_LOOK_EACH_S, left_s))
            self._tell(wanted, witnessed)

    def _tell(self, wanted: int, witnessed: Witnessed) -> None:
        step = self._read(wanted, witnessed)
        if self._listener is not None:
            self._listener(step)

    def _read(self, wanted: int, witnessed: Witnessed) -> Step:
        return Step(
            clients=wanted,
            tally=self._holders.tally,
            witnessed=witnessed,
            look=self._looker.look() if self._looker else None,
            rss_bytes=self._view.rss_bytes(),
            cpu_share=None,
            tcp_memory_bytes=_tcp_bytes(),
        )

    def _cpu_s(self) -> float | None:
        reading = self._view.memory.read() if self._view.memory else None
        return reading.cpu_s if reading and reading.alive else None

    def _summarize(self, baseline: Witnessed, woken: Witnessed | None) -> FleetResult:
        rss, tcp = self._before
        memory = cost([(0, rss), *((one.tally.parked, one.rss_bytes) for one in self._steps)])
        kernel = cost([(0, tcp), *((one.tally.parked, one.tcp_memory_bytes) for one in self._steps)])
        last = self._steps[-1].tally
        return FleetResult(
            url=self._url,
            server=self._view.name(),
            mix=self._spec.mix,
            baseline=baseline,
            steps=tuple(self._steps),
            memory=memory,
            kernel=kernel,
            capacity=capacity(
                self._steps,
                memory,
                kernel,
                memory_left=self._memory_left(),
                tcp_left=_tcp_left(),
                descriptors=self._descriptors(),
            ),
            woken=woken,
            opened_per_s=round(last.parked / last.opening_s, 1) if last.opening_s else 0.0,
            stopped=self._stopped,
        )

    def _memory_left(self) -> int | None:
        limit, rss = self._spec.memory_bytes, self._view.rss_bytes()
        if limit is None:
            return self._view.available_bytes()
        return None if rss is None else max(0, limit - rss)

    def _descriptors(self) -> int | None:
        """The least limit of open files of the server's processes; None where it may not be read."""
        found = []
        for pid in self._view.memory.pids if self._view.memory else ():
            try:
                found.append(psutil.Process(pid).rlimit(resource.RLIMIT_NOFILE)[0])
            except psutil.Error:
                continue  # another user's, or gone
        return min(found, default=None)


def _tcp_bytes() -> int | None:
    memory = tcp_memory()
    return None if memory is None else memory.used_pages * _PAGE_BYTES


def _tcp_left() -> int | None:
    memory = tcp_memory()
    return None if memory is None else max(0, memory.pressure_pages - memory.used_pages) * _PAGE_BYTES
