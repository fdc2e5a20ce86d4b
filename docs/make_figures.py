"""The figures of docs/teaching, by the program itself (it needs the extra ``plot``): ``make figures``."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "teaching" / "figures"
RUNS = {
    "stop-reading": ("stop-reading",),
    "sleeping-tab": ("sleeping-tab",),
    "disconnect": (
        "sleeping-tab",
        "--set=server.policy=disconnect",
        "--set=server.disconnect.limit-bytes=256KiB",
    ),
    "backpressure": ("sleeping-tab", "--set=server.policy=backpressure"),
}


def main() -> None:
    """Run each profile once; a profile whose expectation is the bug ends with FAIL under a defence."""
    for name, words in RUNS.items():
        path = FOLDER / f"{name}.svg"
        command = [sys.executable, "-m", "stallsim", "run", *words, "--force", "--output", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr)
        print(path)


if __name__ == "__main__":
    main()
