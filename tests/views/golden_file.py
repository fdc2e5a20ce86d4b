"""Golden files: the exact text of a view. STALLSIM_REGENERATE=1 rewrites them."""

import os
from pathlib import Path

_FOLDER = Path(__file__).parent / "golden"


def check(name: str, text: str) -> None:
    """Compare with ``golden/NAME.txt``; white space at line ends does not count."""
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path = _FOLDER / f"{name}.txt"
    if os.environ.get("STALLSIM_REGENERATE"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
