"""``stallsim`` and ``python -m stallsim``: the command line, its imports included."""

import sys


def main() -> None:
    """Never returns. A Ctrl-C that comes while the imports run is an interruption like any other."""
    try:
        from .cli import main as run  # noqa: PLC0415 - so that the import is guarded, too
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
