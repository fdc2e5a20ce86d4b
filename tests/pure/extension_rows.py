"""What CONTRIBUTING asks for beside the new files of ``extensions``: rows of tests, and places in pages."""

import re
from collections.abc import Callable

Edit = tuple[str, str]
"""The first place of a text in a file, and what it becomes."""


def row_after(begins: str, row: str) -> Callable[[str], str]:
    """Adds a row below the first line that begins so."""
    return lambda text: re.sub(
        rf"^({re.escape(begins)}.*)$", rf"\1\n{row}", text, count=1, flags=re.MULTILINE
    )


def replaced(place: str, becomes: str) -> Callable[[str], str]:
    """Replaces the first place of a text."""
    return lambda text: text.replace(place, becomes, 1)


def with_theory(text: str) -> str:
    """Theory decides nothing of the new client, of the new policy and of the new guard."""
    return re.sub(r"^\*\*([^*\n]+: by \w+)\*\*\n\n((?:\|.*\n)+)", _undecided, text, flags=re.MULTILINE)


def _undecided(table: re.Match[str]) -> str:
    title, (heading, line, *rows) = table[1], table[2].splitlines()
    column = {
        "no guard, flood: by policy": "keep-one",
        "policy unbounded, flood: by guards": "short-patience",
    }
    if title in column:
        heading, line = f"{heading} {column[title]} |", f"{line} --- |"
        rows = [f"{row} ? |" for row in rows]
    rows.append("| naps |" + " ? |" * (heading.count("|") - 2))
    return "\n".join((f"**{title}**", "", heading, line, *rows, ""))


ORACLE = """class KeepOneOracle(PolicyAgainstLists):
    policies = st.just(KeepOne())

    def oracle_offers(self, message: Message) -> Admission:
        if self.queued or self.unsent:
            self.rejected.append(message)
            return Admission.REJECTED
        self.keep([message])
        return Admission.QUEUED


ORACLES = {
    "keep-one": KeepOneOracle,
"""
ROWS: dict[str, list[Callable[[str], str]]] = {
    "docs/matrix.md": [with_theory],
    "docs/running.md": [
        row_after("| `well-behaved` |", "| `naps` | takes one nap |"),
        row_after("| `unbounded` |", "| `keep-one` | one message waits |"),
        row_after("| `notsent-lowat` |", "| `short-patience` | nothing was taken for a short time |"),
    ],
    "docs/pytest.md": [replaced("`no-pong` |", "`no-pong`, `half-reader` |")],
    "docs/api.md": [replaced('`"no-pong"`', '`"no-pong"`, `"half-reader"`')],
    "docs/joining.md": [row_after("| `ws://`", "| `lines://` | a line | none |")],
    "docs/reports.md": [row_after("| `.md` |", "| `.txt` | a line each |")],
    "tests/pure/test_guards.py": [
        replaced("PATIENCE = [\n", 'PATIENCE = [\n    (ShortPatience(after=2.0), "blocked_s"),\n'),
        replaced(
            "from stallsim.server.guards.tcp_keepalive",
            "from stallsim.server.guards.short_patience import ShortPatience\n"
            "from stallsim.server.guards.tcp_keepalive",
        ),
    ],
    "tests/pure/test_policy_oracles.py": [
        replaced("ORACLES = {\n", ORACLE),
        replaced(
            "from stallsim.server.policies.unbounded",
            "from stallsim.server.policies.keep_one import KeepOne\n"
            "from stallsim.server.policies.unbounded",
        ),
    ],
}
"""By the file, what is done to it."""
ASKED_FOR = (
    "table 'no guard, flood: by policy' needs a column 'keep-one'",
    "table 'no guard, flood: by policy' needs a row 'naps'",
    "table 'policy unbounded, flood: by guards' needs a column 'short-patience'",
    "the profile `naps`",
    "the policy `keep-one`",
    "the guard `short-patience`",
    "the stall of a probe `half-reader`",
    "the stall that open_stalled takes `half-reader`",
    "the scheme `lines://`",
    "the suffix `.txt`",
    "PATIENCE in tests/pure/test_guards.py needs a row for short-patience",
    "a policy needs an oracle here",
    *(f"{page}, '" for page in ("docs/matrix.md", "docs/running.md", "docs/pytest.md", "docs/joining.md")),
)
"""What the tests print where these rows are not there."""
COLUMN: dict[str, Edit] = {
    "stallsim/timeline/sample.py": (
        "\n    @property",
        '''    snd_cwnd_segments: Count = 0
    """tcpi_snd_cwnd: the server's congestion window."""

    @property''',
    ),
    "stallsim/runner/sample_maker.py": (
        "            late_us=late_us,\n",
        "            late_us=late_us,\n            snd_cwnd_segments=info.snd_cwnd,\n",
    ),
}
"""A column of the recording: the first place of a text in each of two files, and what it becomes."""
