"""The profiles that come with stallsim: their files, and what each is called."""

import tomllib
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "_profiles", _PACKAGE.parent / "profiles")
"""In an installed wheel; in a checkout."""


def folder() -> Path:
    """Where the profiles that come with stallsim are."""
    return next(path for path in _FOLDERS if path.is_dir())


def names() -> list[str]:
    """The profiles that come with stallsim."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def fleet_names() -> list[str]:
    """Those of fleets."""
    return sorted(path.stem for path in (folder() / "fleet").glob("*.toml"))


def title(name: str) -> str:
    """What such a profile is about. A test holds each of them to be valid, so this does not look.

    Only what stands before the first table is parsed.
    """
    text = (folder() / f"{name}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text.partition("\n[")[0])["title"])
