"""``python -I _start.py MODULE PARENT FOLDERS [ARGUMENT...]`` (``isolated``). Imports no module of
stallsim.
"""

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1
_INTERRUPTED = 130

if __name__ == "__main__":
    module, parent, folders = sys.argv[1:4]
    sys.argv[1:4] = []
    signal.signal(
        signal.SIGCHLD, signal.SIG_DFL
    )  # if the parent ignored it, no child's end would be reported
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it ended before the kernel could be asked for the signal
        sys.exit(_INTERRUPTED)
    sys.path += [folder for folder in folders.split(os.pathsep) if folder and folder not in sys.path]
    try:
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the requesting process is gone
        os._exit(_INTERRUPTED)
