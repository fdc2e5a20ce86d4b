"""``python -I _start.py MODULE PARENT FOLDERS [ARGUMENT...]`` (``isolated``). Imports nothing of ours."""

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    module, parent, folders = sys.argv[1:4]
    sys.argv[1:4] = []
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it ended before the kernel could be asked for the signal
        sys.exit(130)
    sys.path += [folder for folder in folders.split(os.pathsep) if folder and folder not in sys.path]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
