"""What the command line cannot probe, and how it says so."""

import pytest

from tests.pure.command_line import CommandLine

from .test_probe import ANYWHERE

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("ftp://127.0.0.1/",), 2, "allowed: ws://"),
        (("ws://127.0.0.1:99999/",), 2, "Port out of range"),
        (("ws://a b/",), 2, "spaces and control characters"),
        (("ws://192.0.2.1/",), 2, "--allow-remote"),
        (("ws://[2001:db8::1]/",), 2, "--allow-remote"),
        (("ws://127.0.0.1:1/",), 3, "no connection"),
        (("ws://127.0.0.1:1/", "--pid", "0x"), 2, "is not a valid int"),
        (("ws://127.0.0.1:1/", "--profile", "stop-readin"), 2, "did you mean 'stop-reading'"),
        (("ws://127.0.0.1:1/", "--header", "nonsense"), 2, "'NAME: VALUE'"),
        (("ws://127.0.0.1:1/", "--header", "X: a\nb"), 2, "printable ASCII"),
        (("ws://127.0.0.1:1/", "--cookie", "nonsense"), 2, "NAME=VALUE"),
        (("ws://127.0.0.1:1/", "--reply", "2"), 2, "MATCH=TEXT"),
        (("ws://127.0.0.1:1/", "--watch", "2"), 2, "--watch: expected a duration"),
        (("ws://127.0.0.1:1/", "--for", "0"), 2, "--for: expected at least 1"),
        (("ws://127.0.0.1:1/", "--fail-on", "unbounded"), 2, "did you mean 'unbounded-growth'"),
        (("ws://127.0.0.1:1/", "--private-stack"), 2, "--exec"),
        ((ANYWHERE, "--exec", "echo oops; exit 1"), 3, "oops"),
        ((ANYWHERE, "--exec", "no-such-program-at-all"), 3, "not found"),
    ],
)
def test_what_cannot_be_probed_is_one_clear_line(
    words: tuple[str, ...], code: int, line: str, command_line: CommandLine
) -> None:
    command_line.refuses("probe", *words, code=code, saying=(line,))
