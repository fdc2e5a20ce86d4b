"""Independent witnesses of a whole stack: ``ss`` and tshark."""

import re
import signal
import subprocess
from pathlib import Path


def ss(own: str, port: int) -> dict[int, str]:
    """What ss says of one end of every connection to that port, by the other port.

    ``own``: sport for the server's ends, dport for its peers'.
    """
    words = ["ss", "-tmoinOH", f"{own} = :{port}"]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    pattern = rf":{port}\s+\S+:(\d+)" if own == "sport" else rf":(\d+)\s+\S+:{port}"
    return {int(found[1]): line for line in lines if (found := re.search(pattern, line))}


def start_capture(packets: Path) -> "subprocess.Popen[str]":
    """tshark on loopback, once it has begun to capture."""
    words = ["tshark", "-i", "lo", "-s", "120", "-w", str(packets)]
    tshark = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert tshark.stderr is not None
    assert any("Capture started" in line for line in tshark.stderr), "tshark ended before it began"
    return tshark


def resets(capture: "subprocess.Popen[str]", packets: Path) -> list[int]:
    """End the capture; the destination port of every segment with RST."""
    capture.send_signal(signal.SIGINT)
    capture.communicate()
    words = [
        "tshark",
        "-r",
        str(packets),
        "-Y",
        "tcp.flags.reset == 1",
        "-T",
        "fields",
        "-e",
        "tcp.dstport",
    ]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [int(port) for port in told.split()]
