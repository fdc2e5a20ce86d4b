"""The process of ``stallsim.run``: a request as JSON on standard input, a result on standard output."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ..errors import StallsimError, Unavailable
from ..helper import answer
from ..profile.lasting import last_for
from ..profile.load import Loaded, load_profile
from ..timeline.recorder import Recorder
from ..verdict.result import encode, nothing, summarize_run
from ..verdict.verdict import judge_run, unsupported
from .execute import Execution


class RunSpec(Struct, frozen=True, kw_only=True):
    """The request: a profile, and how to run it."""

    profile: str
    """The name of a profile, or the path of a TOML file."""
    overrides: tuple[str, ...] = ()
    """``KEY=VALUE``, as with ``--set``."""
    duration_s: Annotated[float, Meta(gt=0)] | None = None
    """The duration in seconds, instead of the profile's ticks."""
    record: str | None = None
    """The file for the recording."""
    force: bool = False
    """Whether that file may be overwritten."""

    def load(self) -> Loaded:
        """Load the profile. Raises ProfileError, UnknownVariant."""
        loaded = load_profile(self.profile, self.overrides)
        if self.duration_s is None:
            return loaded
        return last_for(loaded, self.duration_s)


def execute(question: bytes) -> bytes | None:
    """Run the spec and return its Result; None if a signal ended it. Raises StallsimError."""
    spec = msgspec.json.decode(question, type=RunSpec)
    execution = Execution(spec.load())
    recording = Recorder(Path(spec.record), spec.force) if spec.record is not None else None
    with recording or nullcontext():
        try:
            execution.prepare()
        except StallsimError as error:
            if recording is not None:
                recording.discard()
            if not isinstance(error, Unavailable):
                raise
            return encode(nothing(execution.scenario, unsupported(str(error)))).encode()
        timeline = execution.execute(["stallsim.run", spec.profile, *spec.overrides], recording)
    if recording is not None:
        recording.check()
    return None if timeline.interrupted else encode(summarize_run(timeline, judge_run(timeline))).encode()


if __name__ == "__main__":
    sys.exit(answer(execute))
