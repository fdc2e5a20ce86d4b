"""A fleet's way in: the server, the witnesses, the processes that hold the clients, and then it grows."""

from contextlib import AbstractAsyncContextManager, closing

from msgspec.structs import replace

from ..errors import StallsimError
from ..probing.address import Address, parse_url
from ..probing.client.join import Patience
from ..probing.client.tls_context import tls_context
from ..probing.observe.server_view import ServerView, open_server_view
from ..probing.possible import check_possible
from ..probing.recording.outside_header import outside_header
from ..probing.resolving import is_loopback, resolve
from ..probing.secrets import Secrets, shown_url
from ..probing.server.launch import StartedServer, serving
from ..timeline.fleet.asked import FleetAsked
from ..timeline.records import RecordingEnd
from ..timeline.timeline import Timeline
from .distributed.require import require_dask
from .growing import FleetGrowth
from .holders import Holders, open_holders
from .judging import judge
from .kernel_memory import KernelMemoryReader
from .orders import BeginOrder
from .preflight import check_fleet, take_descriptors
from .readings import Readings, memory_unread
from .recorded import TICK_S, RecordedReadings
from .result import FleetResult
from .sources import sources_of
from .spec import HANDSHAKES_AT_ONCE, TLS_HANDSHAKES_AT_ONCE, FleetSpec
from .witnesses import open_witnesses


class Fleet:
    """One run of a spec, which its timeline is told."""

    def __init__(
        self, spec: FleetSpec, timeline: Timeline | None = None, *, private_stack: bool = False
    ) -> None:
        """``private_stack``: whether this process is in one. Raises StallsimError for what can't be."""
        self._spec, self._private_stack = spec, private_stack
        self.timeline = Timeline() if timeline is None else timeline
        self._address = address = parse_url(spec.target.url)
        url = shown_url(address)
        if address.protocol != "ws" or address.is_unix:
            raise StallsimError(f"{url}: a fleet needs ws:// or wss:// over TCP")
        if address.wants_a_port and spec.command is None:
            raise StallsimError(f"{url}: port 0 means a free port and needs `command=`")
        check_possible(spec.target, address.protocol, ())
        if address.tls:
            tls_context(spec.target)

    @property
    def result(self) -> FleetResult | None:
        """What is known so far, also where ``run`` was cut short; None before the baseline."""
        return judge(self.timeline)

    async def run(self) -> None:
        """Raises StallsimError for what may not be, EnvironmentUnfit where it cannot work or be reached."""
        spec = self._spec
        hosts = await resolve(self._address, allow_remote=spec.target.allow_remote)
        loopback, secrets = is_loopback(hosts[0]), Secrets(spec.target, self._address)
        if spec.workers is None:  # else each worker counts what it has itself
            check_fleet(spec.clients, hosts[0], loopback=loopback)
        async with (
            serving(spec.command, self._address, hosts, secrets.masked) as (where, launched),
            open_witnesses(spec.target, where, spec.witnesses, _patience(launched)) as witnesses,
        ):
            if spec.workers is None:
                take_descriptors(spec.clients)
            connection, started = witnesses.first.connection, launched.pid if launched else None
            host = connection.remote[0]
            with (
                open_server_view(connection, spec.pid, started) as view,
                closing(KernelMemoryReader(host, where.port)) as memory,
            ):
                looks = view.diag is None
                async with self._open_holders(host, where, loopback, looks=looks) as holders:
                    self._append_header(shown_url(where), view)
                    readings = Readings(witnesses, view, holders, where.port, memory)
                    recorded = RecordedReadings(self.timeline, holders, readings)
                    await self._grow(FleetGrowth(spec, holders, readings, recorded), recorded)

    def _open_holders(
        self, host: str, where: Address, loopback: bool, *, looks: bool
    ) -> AbstractAsyncContextManager[Holders]:
        spec = self._spec
        if spec.workers is None:
            begins = [self._begin(number, host, where, loopback) for number in range(spec.processes)]
            return open_holders(begins)
        require_dask()
        from .distributed.holders import open_workers  # noqa: PLC0415 - Dask is not always there

        return open_workers(
            spec.workers, self._begin(0, host, where, loopback), spec.rate_per_s, looks=looks
        )

    async def _grow(self, growth: FleetGrowth, recorded: RecordedReadings) -> None:
        done = False
        try:
            await growth.run()
            done = True
        finally:
            wall_s = round(recorded.elapsed_s, 3)
            self.timeline.append(
                RecordingEnd(tick=recorded.tick, attempts=1, wall_s=wall_s, interrupted=not done)
            )

    def _append_header(self, url: str, view: ServerView) -> None:
        spec = self._spec
        asked = FleetAsked(
            url=url,
            server=view.name(),
            clients=spec.clients,
            mix=spec.mix,
            steps=spec.steps,
            witnesses=spec.witnesses,
            rate_per_s=spec.rate_per_s,
            memory_bytes=spec.memory_bytes,
            limits=spec.limits,
            memory_unread=memory_unread(view),
        )
        words = "very many parked clients of somebody's server, seen from outside"
        self.timeline.append(
            replace(
                outside_header("fleet", url, words, TICK_S, private_stack=self._private_stack), fleet=asked
            )
        )

    def _begin(self, number: int, host: str, where: Address, loopback: bool) -> BeginOrder:
        spec = self._spec
        clients = -(-spec.clients // spec.processes)
        at_once = TLS_HANDSHAKES_AT_ONCE if where.tls else HANDSHAKES_AT_ONCE
        return BeginOrder(
            target=replace(spec.target, url=where.url),
            host=host,
            port=where.port,
            sources=sources_of(number, clients, host, loopback=loopback),
            at_once=max(16, at_once // spec.processes),
            rcvbuf=spec.rcvbuf,
        )


def _patience(launched: StartedServer | None) -> Patience:
    if launched is None:
        return Patience()
    return Patience(until_s=launched.ready_by_s, gone=lambda: launched.gone)
