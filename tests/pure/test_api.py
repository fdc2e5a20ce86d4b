"""The API's names, the values of its options, and its error messages."""

import ast
import subprocess
import sys
from typing import Any

import pytest

import stallsim
from stallsim.api.running import settings_of
from stallsim.errors import (
    EnvironmentUnfit,
    OptionError,
    OutOfTime,
    ProfileError,
    RecordingError,
    StallsimError,
    Unavailable,
    UnknownVariant,
)
from stallsim.helper import Failure, ask_blocking
from stallsim.option_values import to_bytes, to_bytes_per_s, to_seconds

from .source import MODULES, ROOT

ANYWHERE = "ws://127.0.0.1:1/"


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import stallsim; print(set(sys.modules) - before)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(told.stdout) == {"stallsim", "stallsim.version"}


@pytest.mark.parametrize("name", stallsim.__all__)
def test_every_name_is_there_and_ours(name: str) -> None:
    assert getattr(stallsim, name).__module__.startswith("stallsim.")
    assert name in dir(stallsim)


def test_what_a_type_checker_sees_is_what_is_there() -> None:
    seen = {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(MODULES["stallsim"].read_text()))
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module != "version"
        for alias in node.names
    }
    homes = {(home, name) for home, names in stallsim._HOMES.items() for name in names}
    assert seen == homes
    assert sorted(name for _, name in homes) == sorted(stallsim.__all__)


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'prob'"):
        getattr(stallsim, "pro" + "b")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (to_bytes("x", "2MiB"), 2**21),
        (to_bytes("x", 7), 7),
        (to_bytes("x", 0, least=0), 0),
        (to_bytes_per_s("x", "4KiB/s"), 4096),
        (to_bytes_per_s("x", 4096), 4096),
        (to_seconds("x", "30s"), 30.0),
        (to_seconds("x", 2.5), 2.5),
        (to_seconds("x", 3), 3.0),
        (settings_of({"a.b": True, "c": "64KiB", "d": 0.5, "e": ["x", "y"]}),
         ("a.b=true", "c=64KiB", "d=0.5", 'e=["x", "y"]')),
    ],
)  # fmt: skip
def test_amounts_are_text_or_numbers(made: object, expected: object) -> None:
    assert made == expected


def wrong(call: Any, *arguments: object, **options: object) -> str:
    """The one line of its error, whose class is the test's to say."""
    with pytest.raises(StallsimError) as caught:
        call(*arguments, **options)
    assert len(str(caught.value).splitlines()) == 1
    return f"{type(caught.value).__name__}: {caught.value}"


@pytest.mark.parametrize(
    ("call", "arguments", "options", "line"),
    [
        (stallsim.run_blocking, ("stop-readin",), {}, "UnknownVariant: unknown profile 'stop-readin'; did"),
        (stallsim.run_blocking, ("stop-reading", {"ticks": -1}), {}, "`overrides=` ticks=-1: ticks"),
        (stallsim.run_blocking, ("stop-reading", {"server.polisy": 1}), {}, "ProfileError: "),
        (stallsim.run_blocking, ("stop-reading",), {"duration": "10"}, "OptionError: duration: expected"),
        (stallsim.run_blocking, ("stop-reading",), {"duration": 1e-9}, "OptionError: duration"),
        (stallsim.run_blocking, ("stop-reading", {"ticks": 9}), {"duration": 9}, "sets ticks"),
        (stallsim.probe_blocking, ("ftp://127.0.0.1/",), {}, "StallsimError: URL "),
        (stallsim.probe_blocking, (ANYWHERE,), {"stalls": ["sleepin-tab"]}, "UnknownVariant: "),
        (stallsim.probe_blocking, (ANYWHERE,), {"refused": "2 MiX"}, "OptionError: refused: expected"),
        (stallsim.probe_blocking, (ANYWHERE,), {"watch": 0}, "OptionError: watch: expected"),
        (stallsim.probe_blocking, (ANYWHERE,), {"watch": None}, "OptionError: watch: expected a duration"),
        (stallsim.probe_blocking, (ANYWHERE,), {"watch": True}, "OptionError: watch: expected a duration"),
        (stallsim.probe_blocking, (ANYWHERE,), {"headers": {"X": "a\nb"}}, "StallsimError: header 'X'"),
        (stallsim.probe_blocking, (ANYWHERE,), {"hello": [123]}, "hello: expected text or bytes, got 123"),
        (stallsim.probe_blocking, (ANYWHERE,), {"hello": [("a", "b", "c")]}, "hello: expected a pair"),
        (stallsim.probe_blocking, (ANYWHERE,), {"replies": ["2"]}, "replies: expected a mapping"),
        (stallsim.probe_blocking, ("http://[::1]/",), {"hello": "x"}, "a message to send is not possible"),
        (stallsim.probe_blocking, ("http://[::1]/",), {"stalls": ["no-pong"]}, "stream has no Ping"),
        (stallsim.probe_blocking, (ANYWHERE,), {"private_stack": True}, "OptionError: private_stack"),
        (stallsim.probe_blocking, (ANYWHERE,), {"timeout": "1"}, "OptionError: timeout: expected"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_one_line_and_starts_no_process(
    call: Any, arguments: tuple[object, ...], options: dict[str, object], line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(subprocess, "Popen", None)
    assert line in wrong(call, *arguments, **options)


@pytest.mark.parametrize("call", [stallsim.probe_blocking, stallsim.open_stalled_blocking])
def test_an_option_that_there_is_not_is_named(call: Any) -> None:
    with (
        pytest.raises(TypeError, match="unknown option 'tokn'; did you mean 'token'"),
        call(ANYWHERE, tokn=1),
    ):
        pass


@pytest.mark.parametrize(
    "error",
    [
        StallsimError("wrong"),
        OptionError("watch", "wrong"),
        ProfileError("file", "key", "problem"),
        RecordingError("exists"),
        EnvironmentUnfit("too few"),
        Unavailable("what", "why", "so"),
    ],
)
def test_an_error_survives_the_way_from_another_process(error: StallsimError) -> None:
    again = Failure.of(error).error()
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_an_error_of_another_class_keeps_its_line() -> None:
    assert str(Failure.of(UnknownVariant("stall", "x", ["y"])).error()) == "unknown stall 'x'; allowed: y"


def test_a_helper_that_crashes_is_one_line() -> None:
    assert "the helper process ended with 1: " in wrong(ask_blocking, "stallsim.no_such_module", b"")


def test_a_helper_that_takes_too_long_is_ended() -> None:
    with pytest.raises(OutOfTime, match="not done within 1 ms"):
        ask_blocking("this", b"", 0.001)
