"""System calls that are refused (strace): one line, a documented exit code, and no other pinned digest."""

import json
import random
import shutil
import subprocess
import sys

import pytest

from tests.loopback.running import ENVIRONMENT, private_digest

CALLS = (
    *("socket", "socketpair", "bind", "listen", "connect", "accept4", "sendto", "sendmsg", "recvfrom"),
    *("getsockopt", "setsockopt", "getsockname", "shutdown", "ioctl", "pipe2"),
    *("epoll_create1", "epoll_ctl", "epoll_wait", "unshare", "setns", "sched_setaffinity"),
)
ERRORS = ("ENOMEM", "ENOBUFS", "EINTR", "EAGAIN", "EMFILE", "EPERM", "EACCES", "ENOSYS", "EINVAL")
WHEN_MAX = 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.loopback,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_refused_call_ends_a_run_with_one_line(call: str) -> None:
    chance = random.Random(call)
    error, when = chance.choice(ERRORS), chance.randint(1, WHEN_MAX)
    inject = f"inject={call}:error={error}:when={when}"
    words = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
    done = subprocess.run(
        [*words, sys.executable, "-m", "stallsim", "run", "no-pong", "--json"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, inject
    if done.returncode == 3:
        assert done.stderr.startswith("stallsim: "), inject
        assert done.stderr.count("\n") == 1, inject
        return
    assert done.returncode in (0, 1), inject
    ledger = json.loads(done.stdout)["ledger"]
    assert not ledger["pinned"] or ledger["digest"] == private_digest("no-pong"), inject
