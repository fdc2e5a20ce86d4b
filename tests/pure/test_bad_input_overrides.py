"""A ``--set`` that cannot be applied, or that makes a profile invalid: the message names this ``--set``."""

import pytest

from .command_line import CommandLine

CASES = [
    # the override, and what the line must say beside the override itself
    ("no value", "ticks", "expected KEY=VALUE"),
    ("no key", "=3", "not a key"),
    ("half a key", "server..policy=unbounded", "not a key"),
    ("an open quote", '"server.policy=unbounded', "not a key"),
    ("a comment for a key", "# = 4", "not a key"),
    ("a key of one kind of digits", 'clients."²".kind=x', "no table has this name or kind"),
    ("an index too long to read", f'clients."{"9" * 5000}".kind=x', "no table has this name or kind"),
    ("nothing of that name", "clients.hang.rcvbuf=1", "clients.hang", "did you mean 'hung'?"),
    ("an index out of range", "clients.1.rcvbuf=1", "1 exist, counted from 0"),
    ("a negative index", "clients.-1.rcvbuf=1", "no table has this name or kind"),
    ("a whole table", "clients.0=1", "expected one of its keys"),
    ("into a value", "ticks.x=1", "ticks", "is a value and has no key 'x'"),
    ("an unknown key", "tiks=1", "tiks", "did you mean 'ticks'?"),
    ("an unknown table", "strem.frame=1", "strem", "did you mean 'stream'?"),
    ("an unknown key of the server", "server.sndbuff=1", "server.sndbuff", "did you mean 'sndbuf'?"),
    ("an unknown client option", "clients.hung.sleep-tick=1", "clients.0.sleep-tick", "stop-tick"),
    ("an unknown policy", "server.policy=disconect", "server.policy", "did you mean 'disconnect'?"),
    ("an unknown policy option", "server.disconnect.limit=1", "server.disconnect.limit", "limit-bytes"),
    ("an unknown kind", "clients.0.kind=stop", "clients.0.kind", "stop-reading"),
    ("a bad kind of kind", "clients.0.kind=[]", "clients.0.kind", "expected str"),
    ("a bad pace", "pace=fast", "pace", "lockstep, realtime"),
    ("a bad write mode", "server.write=later", "server.write", "until-refused, when-writable"),
    ("a wrong type", "ticks=[[[[", "ticks", "expected int"),
    ("a date", "ticks=1979-05-27", "ticks", "expected int"),
    ("two lines", "clients.0.rcvbuf=1\nx=3", "clients.0.rcvbuf", "a size such as"),
    ("an unknown unit", "stream.interval=5min", "stream.interval", "us, ms, s, m, h"),
    ("not a number", "stream.interval=nan", "stream.interval", "a duration such as"),
    ("a year and a day", "stream.interval=9000h", "stream.interval", "at most 366 days"),
    ("a boundless buffer", "clients.hung.rcvbuf=10GiB", "clients.0.rcvbuf", "1,073,741,824"),
    ("a number too large for a float", f"stream.frame={'9' * 400}B", "stream.frame"),
    ("a number too long to read", f"stream.frame={'9' * 5000}", "stream.frame"),
    ("brackets without end", "stream.frame=" + "[" * 5000, "stream.frame"),
    ("a frame that WebSocket has not", "stream.frame=128", "stream.frame", "130 to 65539"),
    ("no clients", "clients=[]", "clients", "at least one"),
    ("a client without a kind", "clients=[{}]", "clients.0", "'kind' is required"),
    ("a stranger expected", "expect.0.client=x", "expect.0.client", "allowed: hung"),
    ("nothing expected of a metric", "expect.1.equals={}", "expect.1.equals", "a size such as"),
    ("a key that is ours", "server.options.unbounded.granularity=5", "server.options", "unknown key"),
    ("the name of the file", "profile=x", "profile", "unknown key"),
]


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize(
    ("override", "saying"),
    [(override, saying) for _, override, *saying in CASES],
    ids=[c[0] for c in CASES],
)
def test_is_refused(override: str, saying: list[str], command_line: CommandLine) -> None:
    shown = " ".join(override.splitlines())
    blame = f"stallsim: --set {shown}: " if len(shown) < 100 else f"stallsim: --set {shown[:60]}"
    command_line.refuses("run", "stop-reading", "--set", override, code=2, saying=(blame, *saying))


@pytest.mark.usefixtures("no_run")
def test_a_kind_that_two_groups_share_names_neither(command_line: CommandLine) -> None:
    override = "clients.sleeping-tab.wake-tick=3"
    saying = (f"--set {override}", "ambiguous", "clients.4 and clients.5")
    command_line.refuses("run", "mixed-crowd", "--set", override, code=2, saying=saying)


@pytest.mark.usefixtures("no_run")
def test_the_override_at_fault_is_blamed_and_no_other(command_line: CommandLine) -> None:
    saying = ("stallsim: --set ticks=0: ticks: ",)
    command_line.refuses(
        "show", "stop-reading", "-s", "stream.frame=200", "-s", "ticks=0", code=2, saying=saying
    )


@pytest.mark.usefixtures("no_run")
def test_a_good_override_is_not_blamed_for_the_file(tmp_path_factory: pytest.TempPathFactory,
                                                    command_line: CommandLine) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("profile") / "bad.toml"
    path.write_text('title = 1\ndescription = ""\nexpectation = ""\nticks = 1\nclients = []\n')
    saying = (f"stallsim: {path}: title: ",)
    command_line.refuses("run", str(path), "--set", "ticks=2", code=2, saying=saying)
