"""The README's picture, drawn by the program itself: ``python docs/make_picture.py``."""

from pathlib import Path

from stallsim.profile.load import load_profile
from stallsim.runner.execute import Execution
from stallsim.views.drawing.picture import export_svg

TICK = 300


def main() -> None:
    """Run sleeping-tab and draw the moment at which its queue has grown for 180 ticks."""
    timeline = Execution(load_profile("sleeping-tab")).execute()
    export_svg(timeline, TICK, Path(__file__).with_name("dashboard.svg"))


if __name__ == "__main__":
    main()
