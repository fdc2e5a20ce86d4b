"""The HTML report in a real Chromium: read, zoomed, toggled, darkened; nothing fetched, no complaint."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stallsim.kinds import Stalls
from stallsim.reports.formats.html import Html
from stallsim.reports.found import Found, found_timeline
from stallsim.timeline.events.server import ProtocolError
from stallsim.timeline.records import Event
from stallsim.timeline.timeline import Timeline

from ..pure.builders import COMPLETE, header, info, sample
from ..pure.reports import HOSTILE, a_matrix, a_probe, a_run, stalled_run
from .chromium import PROGRAM, Page, chromium

pytestmark = [
    pytest.mark.skipif(
        PROGRAM is None, reason="there is no Chromium on this machine (apt install chromium)"
    ),
    pytest.mark.slow,
]
ENDS = ("from", "to")
OPEN_S_MAX, SIZE_MAX = 1.0, 5_000_000


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("chromium")) as page:
        yield page


@pytest.fixture
def page(browser: Page) -> Iterator[Page]:
    """Held to its policy: whatever a test has opened, nothing was fetched and nobody complained."""
    browser.complaints.clear()
    browser.requests.clear()
    yield browser
    browser.settle()
    assert browser.complaints == []
    assert [url for url in browser.requests if not url.startswith(("file:", "data:"))] == []


def opened(page: Page, folder: Path, *found: Found) -> float:
    path = folder / "report.html"
    with path.open("wb") as out:
        Html().write(found, out)
    assert path.stat().st_size < SIZE_MAX
    return page.open(path)


def readings(page: Page) -> dict[str, str]:
    rows = page.value("[...document.querySelectorAll('.readings tr')].map((row) => row.innerText)")
    return dict(row.split("\t", 1) for row in rows)


def hover(page: Page, share: float) -> None:
    """Over the graph, at this part of its width."""
    page.value("document.querySelector('.u-over').scrollIntoView({block: 'center'})")
    box = page.box(".u-over")
    page.mouse("mouseMoved", box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    page.settle()


def test_hovering_reads_all_values_of_that_instant(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, a_run())
    for share in (0.25, 0.75):
        hover(page, share)
        tick = int(page.value("document.querySelector('.panel').dataset.tick"))
        assert tick == pytest.approx(99 * share, abs=2)
        now = readings(page)
        assert now["application queue (server's memory)"] == f"{40 * tick:,}"
        assert now["receive queue (client's kernel)"] == f"{30 * tick:,}"
        assert now["phase"] == [one.phase.value for one in stalled_run().phases(0) if one.tick <= tick][-1]
        values = page.value("[...document.querySelectorAll('.tanks .value')].map((one) => one.innerText)")
        assert values == ["0", f"{30 * tick:,}", "0", f"{30 * tick:,}", f"{40 * tick:,}"]


def test_dragging_zooms_and_a_double_click_shows_all(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, a_run())
    whole = stretch(page)
    box = page.box(".u-over")
    middle = box["y"] + box["height"] / 2
    page.mouse("mouseMoved", box["x"] + 0.25 * box["width"], middle)
    page.mouse("mousePressed", box["x"] + 0.25 * box["width"], middle, 1)
    page.mouse("mouseMoved", box["x"] + 0.5 * box["width"], middle)
    page.mouse("mouseReleased", box["x"] + 0.5 * box["width"], middle, 1)
    page.settle()
    zoomed = stretch(page)
    assert zoomed[1] - zoomed[0] == pytest.approx((whole[1] - whole[0]) / 4, rel=0.1)
    for clicks in (1, 2):
        page.mouse("mousePressed", box["x"] + 9, middle, clicks)
        page.mouse("mouseReleased", box["x"] + 9, middle, clicks)
    page.settle()
    assert stretch(page) == pytest.approx(whole)


def stretch(page: Page) -> tuple[float, float]:
    first, last = (float(page.value(f"document.querySelector('.panel').dataset.{end}")) for end in ENDS)
    return first, last


def test_a_queue_toggles_and_the_drawing_changes(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, a_run())
    drawn = "document.querySelector('canvas').toDataURL()"
    before = page.value(drawn)
    page.click("[data-key=queue_bytes]")
    page.settle()
    assert page.value("document.querySelector('[data-key=queue_bytes]').ariaPressed") == "false"
    assert page.value(drawn) != before
    page.click("[data-key=queue_bytes]")
    page.settle()
    assert page.value("document.querySelector('[data-key=queue_bytes]').ariaPressed") == "true"


def test_light_and_dark_by_preference_and_by_the_button(page: Page, tmp_path: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    papers = {}
    for scheme in ("light", "dark"):
        page.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        opened(page, tmp_path, a_run())
        papers[scheme] = page.value(paper)
    assert papers["light"] != papers["dark"]
    page.click("#theme")
    assert page.value(paper) == papers["light"]
    page.click("#theme")
    assert page.value(paper) == papers["dark"]
    page.ask("Emulation.setEmulatedMedia", features=[])


def test_a_phase_an_event_and_the_slider_move_the_instant(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, a_run())
    page.click(".phases button[data-tick='1']")
    assert page.value("document.querySelector('.panel').dataset.tick") == "1"
    page.click(".happenings li:last-child button")
    assert page.value("document.querySelector('.panel').dataset.tick") == "9"
    page.value("(() => { const s = document.querySelector('.scrub'); s.focus(); })()")
    key = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
    for kind in ("keyDown", "keyUp"):
        page.ask("Input.dispatchKeyEvent", type=kind, **key)
    page.settle()
    assert page.value("document.querySelector('.panel').dataset.tick") == "10"


def test_hostile_words_are_words(page: Page, tmp_path: Path) -> None:
    """In a title, an event, a name, the evidence, a recording's name."""
    hostile = Found(HOSTILE, a_run().account._replace(title=HOSTILE, words=(HOSTILE,)), _named(HOSTILE))
    opened(page, tmp_path, hostile, a_probe(), a_matrix())
    assert page.value("document.images.length") == 0
    assert "onerror" in page.value("document.body.innerText")
    assert "onerror" in page.value("document.querySelector('.chooser').innerText")
    assert page.value("document.querySelectorAll('script').length") == 3


def _named(name: str) -> Timeline:
    made = Timeline()
    made.append(header())
    made.append(info(client=name, stalls=Stalls.MUST))
    for tick in range(3):
        made.append(sample(tick, queue_bytes=tick))
    made.append(Event(tick=1, connection=0, what=ProtocolError(code=1002, error=name)))
    made.append(COMPLETE)
    return made


def test_several_recordings_have_one_axis(page: Page, tmp_path: Path) -> None:
    one, other = a_run(), found_timeline(stalled_run(50), "shorter.jsonl")
    opened(page, tmp_path, one, other)
    first, second = page.value("[...document.querySelectorAll('.panel')].map((one) => one.dataset.to)")
    assert first == second
    assert "What differs" in page.value("document.body.innerText")


def test_printing_shows_everything_on_white(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, a_run())
    printed = page.ask("Page.printToPDF")
    assert len(printed["data"]) > 10_000
    assert page.value("[...document.querySelectorAll('details')].every((one) => one.open)")
    assert page.value("document.documentElement.dataset.theme") == "light"


@pytest.mark.nightly
def test_a_large_run_opens_at_once(page: Page, tmp_path: Path) -> None:
    """100 connections of 100,000 ticks, as a timeline keeps them: 100,000 samples with every peak."""
    made = Timeline()
    made.append(header())
    for number in range(100):
        made.append(info(number, f"client-{number}", Stalls.MUST))
    for tick in range(0, 100_000, 100):
        for number in range(100):
            moving = (tick * 7919 + number * 104_729) % 1_000_003
            counts = {
                "queue_bytes": moving, "outq_bytes": moving // 3, "rcvq_bytes": moving // 5,
                "wmem_queued_bytes": moving // 2, "rmem_alloc_bytes": moving // 4,
                "produced_bytes": tick * 6680, "read_bytes": tick * 5000, "received_bytes": tick * 5000,
                "snd_wnd_bytes": moving % 65_536, "queue_messages": moving % 97,
            }  # fmt: skip
            made.append(sample(tick, connection=number, **counts))
    made.append(COMPLETE)
    drawn_s = opened(page, tmp_path, found_timeline(made, "large.jsonl"))
    assert page.value("document.querySelector('.chooser').options.length") == 100
    # a claim about the page, on a machine that may be busy with other things
    assert drawn_s < 5 * OPEN_S_MAX
