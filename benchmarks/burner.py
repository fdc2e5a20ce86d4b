"""A process that keeps a core busy until it is ended: ``python -m benchmarks.burner NICENESS``."""

import os
import sys

if __name__ == "__main__":
    os.nice(int(sys.argv[1]))
    sys.stdout.write("\n")
    sys.stdout.flush()
    while True:
        pass
