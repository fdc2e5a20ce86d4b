"""Collects the observations of one test's fixtures; if the test fails, shows them and keeps the
recordings.
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from ..probing.secrets import Secrets

_NAME_MAX, _CODE = 80, 8


class _Seen(NamedTuple):
    paragraph: str
    recording: Path


class EvidenceFolder:
    """A folder for recordings, created at the first stall and removed if the test passes."""

    def __init__(self, test: str, folder: Path | None, temporary: pytest.TempPathFactory) -> None:
        self._name = _folder_name(test)
        self._wanted, self._temporary = folder, temporary
        self._folder: Path | None = None
        self._seen: list[_Seen] = []
        self._outputs: dict[str, Callable[[], str]] = {}
        self._secrets: list[Secrets] = []
        self._shown = 0
        self._failed = False

    def recording(self, stall: str) -> Path:
        """A file for the recording of the next stall."""
        if self._folder is None:
            self._folder = self._temporary.mktemp("stallsim")
        return self._folder / f"{len(self._seen) + 1}-{stall}.jsonl"

    def note(self, paragraph: str, recording: Path) -> None:
        """A stall is over."""
        self._seen.append(_Seen(paragraph, recording))

    def hide(self, secrets: "Secrets") -> None:
        """Mask these credentials in what the servers print."""
        self._secrets.append(secrets)

    def masked(self, text: str) -> str:
        """The text of a server without the credentials that it was sent."""
        for one in self._secrets:
            text = one.masked(text)
        return text

    def listen(self, url: str, output: Callable[[], str]) -> None:
        """Note a server that has started; ``output`` returns what it has printed."""
        self._outputs[url] = output

    def sections(self) -> Iterator[tuple[str, str]]:
        """Sections for the report of a failed phase of the test; the recordings are kept from now on."""
        from ..errors import StallsimError
        from ..probing.address import shown_text
        from ..views.clean import printable

        if not self._failed:
            self._failed = True
            try:
                self._keep()
            except OSError as error:
                why = f"the recordings stay in {self._folder}: {self._wanted} cannot be written: {error}"
                yield "stallsim", why
        for paragraph, recording in self._seen[self._shown :]:
            yield "stallsim", f"{paragraph}\nrecorded: stallsim replay {recording}"
        self._shown = len(self._seen)
        while self._outputs:
            url, output = self._outputs.popitem()
            try:
                printed = self.masked(output())
            except StallsimError as error:  # its process was ended from outside
                printed = str(error)
            if printed:
                lines = (printable(line.expandtabs()) for line in printed.splitlines())
                yield f"output of the server at {shown_text(url)}", "\n".join(lines)

    def _keep(self) -> None:
        """Move the recordings to the folder that the user wants, if any."""
        if self._folder is None or self._wanted is None:
            return
        kept = self._wanted / self._name
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self._folder, kept)
        self._seen = [one._replace(recording=kept / one.recording.name) for one in self._seen]
        self._folder = kept

    def drop(self) -> None:
        """Remove the recordings after the test, unless it failed."""
        if self._folder is not None and not self._failed:
            shutil.rmtree(self._folder)


def _folder_name(test: str) -> str:
    """A name for the test's folder that no other test has: with a code where the test's own was changed."""
    name = re.sub(r"[^\w.-]+", "-", test).strip("-")
    parameters = test.partition("[")[2].removesuffix("]")
    if len(name) <= _NAME_MAX and re.fullmatch(r"[\w.-]*", parameters):
        return name
    return f"{name[: _NAME_MAX - _CODE - 1]}-{hashlib.sha256(test.encode()).hexdigest()[:_CODE]}"
