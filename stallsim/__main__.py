"""``stallsim`` and ``python -m stallsim``: signals and streams are in order before the imports begin."""

from .signals import exit_on_signals
from .streams import set_up_streams


def main() -> None:
    """Run the command line; never returns."""
    exit_on_signals()
    set_up_streams()
    from .cli import main as run  # noqa: PLC0415 - it takes a quarter of a second to import

    run()


if __name__ == "__main__":
    main()
