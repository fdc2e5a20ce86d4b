"""``stallsim`` and ``python -m stallsim``: signals and streams are in order before the imports begin.

The handlers are set by ``_signal``, which is a part of the interpreter: ``signal`` itself imports for some
milliseconds, in which a signal would end the process.
"""

import _signal  # type: ignore[import-not-found]
import os

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; never returns."""
    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
        if number != _signal.SIGHUP or _signal.getsignal(number) != _signal.SIG_IGN:  # ignored by ``nohup``
            _signal.signal(number, _leave)
    _signal.signal(
        _signal.SIGCHLD, _signal.SIG_DFL
    )  # if the parent ignored it, no child's end would be reported
    from .streams import ignore_impossible_sizes, set_up_streams  # noqa: PLC0415 - signals first

    set_up_streams()
    ignore_impossible_sizes()
    from .cli import main as run  # noqa: PLC0415 - it takes a quarter of a second to import

    run()


def _leave(_number: int, _frame: object) -> None:
    """Exit at once, since nothing has begun and nothing must be undone."""
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
