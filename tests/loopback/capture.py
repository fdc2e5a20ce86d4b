"""``python -m tests.loopback.capture PROFILE RECORDING PACKETS``: a run, and every packet of it.

Meant for a network namespace of its own, where nothing else speaks on loopback.
"""

import signal
import socket
import subprocess
import sys

from .running import COMMAND

_MARK_PORT = 9


def main(profile: str, recording: str, packets: str) -> int:
    """Run the profile while tshark captures; the run's exit code."""
    words = ["tshark", "-i", "lo", "-w", packets, "-P", "-l", "-T", "fields", "-e", "udp.dstport"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tshark:
        assert tshark.stdout is not None
        assert tshark.stderr is not None
        for line in tshark.stderr:
            if "Capture started" in line:
                break
        else:
            return 3
        code = subprocess.run(
            [*COMMAND, "run", profile, "--host-stack", "--json", "--record", recording],
            stdout=subprocess.DEVNULL,
            check=False,
        ).returncode
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as marker:
            marker.sendto(b"the run is over", ("127.0.0.1", _MARK_PORT))
        for line in tshark.stdout:
            if line.strip() == str(_MARK_PORT):
                break
        tshark.send_signal(signal.SIGINT)
        tshark.communicate()
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
