"""The picture for pages is the dashboard, and is well-formed."""

from pathlib import Path
from xml.etree import ElementTree as ET

from stallsim.views.drawing.picture import export_svg

from .scenes import sleeping_tab


def test_picture(tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    export_svg(sleeping_tab(), 120, path)
    texts = "".join(ET.parse(path).getroot().itertext()).replace("\xa0", " ")
    assert "userspace-growth" in texts
    assert "tick 120/199" in texts
    assert "playing" not in texts
