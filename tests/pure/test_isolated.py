"""How stallsim starts its own processes."""

import sys

import pytest

from stallsim.children.isolated import python_words


@pytest.mark.parametrize(("none_written", "flags"), [(True, ["-I", "-B"]), (False, ["-I"])])
def test_a_child_writes_no_bytecode_where_its_parent_does_not(
    none_written: bool, flags: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of bytecode that a limit cuts short would break every later start (RLIMIT_FSIZE)."""
    monkeypatch.setattr(sys, "dont_write_bytecode", none_written)
    words = python_words("stallsim.errors")
    assert [word for word in words if word.startswith("-")] == flags
