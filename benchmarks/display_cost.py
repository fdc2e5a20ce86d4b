"""What the dashboard costs: a frame at two sizes, as a share of the time between two frames.

    python benchmarks/display_cost.py [--frames N]

The promise is under 10 % of a core at display pace; a player at speed 1 shows a run in about 12 s and
refreshes at most 10 times a second.
"""

import argparse
import io
import statistics
import time

from rich.console import Console

from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.views.drawing.controls import Controls
from stallsim.views.drawing.dashboard import Dashboard

REFRESH_S = 0.1
SIZES = ((80, 24), (160, 50))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--frames", type=int, default=120)
    frames = parser.parse_args().frames
    timeline = Execution(load_profile("sleeping-tab")).execute()
    print(f"{'size':>8} {'ms a frame':>11} {'most':>6} {'bytes':>7} {'of the refresh':>15}")
    for width, height in SIZES:
        console = Console(file=io.StringIO(), force_terminal=True, width=width, height=height)
        dashboard = Dashboard(timeline)
        spent, sizes = [], []
        for number in range(frames):
            tick = timeline.last_tick * number // frames
            assert isinstance(console.file, io.StringIO), "the console writes to memory"
            before = console.file.tell()
            started = time.process_time()
            console.print(dashboard.frame(tick, Controls(), width, height), end="")
            spent.append(time.process_time() - started)
            sizes.append(console.file.tell() - before)
        middle = statistics.median(spent)
        print(
            f"{width:>5}x{height} {middle * 1e3:11.2f} {max(spent) * 1e3:6.1f} "
            f"{statistics.median(sizes):7.0f} {middle / REFRESH_S:15.1%}"
        )


if __name__ == "__main__":
    main()
