"""The command line in a process of its own, forked from one that has imported it already.

The imports are most of what a short command takes. How the program starts, and what a signal does to it
then, is tested with processes that are started anew (``running.started``).
"""

import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "stallsim.cli",
        "stallsim.cli._app",
        "stallsim.runner.execute",
        "stallsim.probing.run_probe",
        "stallsim.fleet.fleet",
        "stallsim.views",
    ]
)


def call(
    words: Sequence[str], environment: Mapping[str, str], timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """``stallsim`` with those words, to its end. Raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _CONTEXT.Process(
            target=_main, args=(list(words), dict(environment), str(Path.cwd()), str(out), str(err))
        )
        process.start()
        process.join(timeout_s)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(
                ["stallsim", *words], timeout_s, out.read_text(), err.read_text()
            )
        assert process.exitcode is not None
        return subprocess.CompletedProcess(
            ["stallsim", *words], process.exitcode, out.read_text(), err.read_text()
        )


def _main(words: list[str], environment: dict[str, str], folder: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in ((1, out), (2, err)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True
    )
    sys.argv = ["stallsim", *words]
    warnings.simplefilter("error")
    from stallsim.__main__ import main  # noqa: PLC0415 - in the child, where it has been imported

    main()
