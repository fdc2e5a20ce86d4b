"""A probe of servers that break every rule: an outcome or one line, within a time, and nothing raw."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.pure.raw_text import RAW

from .in_process import faults_of
from .processes import Ended, running
from .servers import BEHAVIOURS, serving

pytestmark = pytest.mark.loopback
FORMS = ("plain", "json", "junit", "record")
QUICK = ("pongs", "server with escapes", "latin-1 connection", "close with escapes")
_WITHIN_S = 120.0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


def probed(name: str, form: str, port: int, folder: Path, *more: str) -> Ended:
    url = f"ws://127.0.0.1:{port}/{list(BEHAVIOURS).index(name)}"
    options = {
        "plain": ("--plain",),
        "json": ("--json",),
        "junit": ("--plain", "--junit", str(folder / "probe.xml")),
        "record": ("--plain", "--record", str(folder / "probe.jsonl")),
    }
    with running("probe", url, "--profile", "stop-reading", *options[form], *more) as command:
        return command.ended(_WITHIN_S)


def judged(ended: Ended, form: str, folder: Path) -> None:
    assert list(faults_of(ended)) == [], ended
    assert ended.code in (0, 3), ended
    if ended.code == 0 and form == "json":
        msgspec.json.decode(ended.out)
    if ended.code == 0 and form == "junit":
        assert not RAW.search((folder / "probe.xml").read_text())
        ET.parse(folder / "probe.xml")
    if ended.code == 0 and form == "record":
        with running("replay", str(folder / "probe.jsonl"), "--plain") as again:
            assert list(faults_of(again.ended())) == []


@pytest.mark.parametrize("name", QUICK)
def test_a_few_of_them(name: str, port: int, tmp_path: Path) -> None:
    form = FORMS[QUICK.index(name) % len(FORMS)]
    judged(probed(name, form, port, tmp_path, "--timeout", "1s"), form, tmp_path)
