"""A written file has one writer; a removed file is reported; a pipe needs its reader at once."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from stallsim.errors import EnvironmentUnfit, RecordingError, ReportError
from stallsim.output_file import OutputFile
from stallsim.reports.new_file import NewFile
from stallsim.timeline.recorder import Recorder

from .builders import header, info


def opened(path: Path, *, force: bool = True) -> OutputFile:
    return OutputFile(path, force=force, error=ReportError)


def test_a_file_is_written_by_one_at_a_time(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    with closing(opened(path)) as file:
        link.symlink_to(path)
        for name in (path, link):
            with pytest.raises(
                ReportError, match="is being written already, by this command or by another"
            ):
                opened(name)
        file.write(b"whole")
    with closing(opened(path)):
        assert path.read_text() == "whole"


def test_a_child_that_has_the_descriptor_does_not_keep_the_file(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    file = opened(tmp_path / "file")
    child = os.fork()
    if not child:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    file.close()
    with closing(opened(tmp_path / "file")):
        pass
    os.close(writing)
    os.close(reading)
    os.waitpid(child, 0)


@pytest.mark.parametrize(
    "writer", [lambda path: NewFile(path, force=True), lambda path: Recorder(path, True)]
)
def test_a_pipe_without_a_reader_is_refused_at_once(writer: type, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(
        (ReportError, RecordingError), match="cannot be written: it is a pipe without a reader"
    ):
        writer(tmp_path / "pipe")


def test_a_report_is_written_to_a_pipe_with_a_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with NewFile(tmp_path / "pipe", force=True) as file:
        file.fill(b"the report")
    assert os.read(reading, 100) == b"the report"
    os.close(reading)


def test_a_removed_report_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "report"
    with NewFile(path, force=True) as file:
        path.unlink()
        with pytest.raises(EnvironmentUnfit, match="report: was removed before it was written"):
            file.fill(b"the report")


def test_a_removed_recording_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with Recorder(path) as recorder:
        recorder.write(header())
        path.rename(tmp_path / "moved")
        (tmp_path / "moved").unlink()
    with pytest.raises(EnvironmentUnfit, match="run: was removed while it was written"):
        recorder.check()


def test_a_recording_that_was_given_up_leaves_no_file_and_no_complaint(tmp_path: Path) -> None:
    with Recorder(tmp_path / "run", every=3) as recorder:
        recorder.write(header())
        recorder.write(info())
        recorder.discard()
    recorder.check()
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_there_is_no_space_for_leaves_no_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with NewFile(tmp_path / "report", force=False) as file:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(EnvironmentUnfit, match="report: cannot be written: No space left on device"):
            file.fill(b"the report")
    assert list(tmp_path.iterdir()) == []
