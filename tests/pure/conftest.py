import pytest

from .command_line import CommandLine


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, in this process."""
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the command refuses, it refuses before the first socket opens."""

    def begin(*_: object, **__: object) -> None:
        pytest.fail("the run began")

    monkeypatch.setattr("stallsim.runner.execute.run_attempt", begin)
    monkeypatch.setattr("stallsim.kernel.private_stack.enter", begin)
