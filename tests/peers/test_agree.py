"""The options of the comparison with the probe's default command."""

import pytest

from .agree import arguments, parsed


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["--again"], "--again needs --keep FOLDER"),
        (["--write", "queue_disconnect"], "--write is for all servers"),
        (["--again", "--keep", "answers"], ""),
        (["--write"], ""),
    ],
)
def test_options_that_do_not_fit_together_are_refused(
    words: list[str], refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not refused:
        parsed(arguments(None), words)
        return
    with pytest.raises(SystemExit) as exit_:
        parsed(arguments(None), words)
    assert exit_.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert refused in last
