"""Every example of docs/api.md runs, against a server that keeps everything."""

import re

import pytest

from tests.pure.source import ROOT

from .streaming_server import streaming

pytestmark = [pytest.mark.loopback, pytest.mark.realtime]
PAGE = (ROOT / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
WRITTEN = "ws://127.0.0.1:8000/"


def test_examples_are_found() -> None:
    assert len(EXAMPLES) >= 6
    assert all("assert" in example for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_does_what_it_says(example: str) -> None:
    with streaming("keeps_everything") as url:
        exec(compile(example.replace(WRITTEN, url), "docs/api.md", "exec"), {"__name__": "example"})
