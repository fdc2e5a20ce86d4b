"""The pytest plugin: ``serve`` starts a server, ``stalled`` stalls a client of it (docs/pytest.md).

The plugin is loaded into every pytest run, so it imports only what every run has already; further modules
are imported when a test uses a fixture.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from .evidence import EvidenceFolder
from .serving import Serve, Server
from .stalling import Stalled

__all__ = ["Serve", "Server", "Stalled"]
_EVIDENCE = pytest.StashKey[EvidenceFolder]()
_RECORDINGS = "stallsim_recordings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """One ini option."""
    parser.addini(
        _RECORDINGS,
        "Folder for the recordings of failed tests, below the root of the tests (default: a temporary one)",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """One marker."""
    config.addinivalue_line(
        "markers", "stalled(**options): options of the fixture stalled, for all its uses in these tests"
    )


@pytest.fixture
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Start a server: ``serve(app)``, ``serve("node server.js")``, ``serve(run)``; ended with the test."""
    with Serve(_evidence(request)) as starter:
        yield starter


@pytest.fixture
def stalled(request: pytest.FixtureRequest) -> Stalled:
    """Stall a client of a server, wake it, and say what the server did: ``stalled(server)``."""
    return Stalled(_evidence(request), list(request.node.iter_markers("stalled")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the evidence to a failed test's report."""
    report = yield
    evidence = item.stash.get(_EVIDENCE, None)
    if evidence is not None:
        if report.failed:
            report.sections.extend(evidence.sections())
        if report.when == "teardown":
            evidence.drop()
            del item.stash[_EVIDENCE]
    return report


def _evidence(request: pytest.FixtureRequest) -> EvidenceFolder:
    """The observations and recordings of one test's fixtures, kept until its last report is made."""
    node: pytest.Item = request.node
    if _EVIDENCE not in node.stash:
        folder = request.config.getini(_RECORDINGS)
        temporary: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        wanted = Path(request.config.rootpath, folder) if folder else None
        node.stash[_EVIDENCE] = EvidenceFolder(node.nodeid, wanted, temporary)
    return node.stash[_EVIDENCE]
