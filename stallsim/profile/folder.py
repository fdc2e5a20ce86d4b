"""The profiles that come with stallsim: their files and their names."""

import tomllib
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "_profiles", _PACKAGE.parent / "profiles")
"""The folders of profiles: in an installed wheel, and in a checkout."""


def folder() -> Path:
    """The folder of the profiles that come with stallsim."""
    return next(path for path in _FOLDERS if path.is_dir())


def names() -> list[str]:
    """The profiles that come with stallsim."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def fleet_names() -> list[str]:
    """The names of the fleets' profiles."""
    return sorted(path.stem for path in (folder() / "fleet").glob("*.toml"))


def title(name: str) -> str:
    """The title of such a profile. A test validates all of them, so this function does not.

    Only the text before the first table is parsed.
    """
    text = (folder() / f"{name}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text.partition("\n[")[0])["title"])
