"""``unshare -Urn python -m tests.loopback.fleet_machines FILE``: two workers against a third's server.

The scheduler and the command are on the router between them. One worker's process is killed in the middle.
What the command has recorded is in FILE.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .namespaces import Machine, machines

SERVER = Path(__file__).parents[1] / "peers" / "servers" / "epoll_keeps_everything.py"
PORT, SCHEDULER_PORT = 9001, 8786
CLIENTS = 400
PYTHON = sys.executable


def main(recording: Path) -> int:
    """The command's own exit code."""
    environment = {**os.environ, "PORT": str(PORT), "HOST": "0.0.0.0", "EVERY_S": "0.2"}
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        started.append(subprocess.Popen(words, env=environment, stdout=quiet, stderr=quiet))
        return started[-1]

    with machines(3) as (server, first, second):
        try:
            start(*server.inside(PYTHON, str(SERVER)))
            scheduler = ("--port", str(SCHEDULER_PORT), "--no-dashboard")
            start(PYTHON, "-m", "distributed.cli.dask_scheduler", *scheduler)
            workers = [_worker(start, one) for one in (first, second)]
            _await_listener(server)
            fleet = subprocess.Popen(
                [
                    *(
                        PYTHON,
                        "-m",
                        "stallsim",
                        "fleet",
                        f"ws://{server.address}:{PORT}/",
                        "--allow-remote",
                    ),
                    *("--scheduler", f"tcp://127.0.0.1:{SCHEDULER_PORT}", "--clients", str(CLIENTS)),
                    *(
                        "--steps",
                        "2",
                        "--look",
                        "1s",
                        "--hold",
                        "12s",
                        "--go-on",
                        "--record",
                        str(recording),
                    ),
                ]
            )
            _await_held(recording)
            workers[1].send_signal(signal.SIGKILL)
            return fleet.wait()
        finally:
            for one in reversed(started):
                one.kill()
                one.wait()


def _worker(start: Callable[..., "subprocess.Popen[bytes]"], machine: Machine) -> "subprocess.Popen[bytes]":
    router = machine.address.removesuffix(".2") + ".1"
    return start(
        *machine.inside(PYTHON, "-m", "distributed.cli.dask_worker", f"tcp://{router}:{SCHEDULER_PORT}"),
        *("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", machine.address),
    )


def _await_listener(server: Machine) -> None:
    want = f":{PORT:04X} "
    while want not in Path(f"/proc/{server.pid}/net/tcp").read_text():
        time.sleep(0.05)


def _await_held(recording: Path) -> None:
    """Until the second step is recorded."""
    while not recording.exists() or recording.read_text().count('"fleet-step"') < 3:
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
