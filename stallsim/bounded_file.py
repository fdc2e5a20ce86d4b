"""Reads a user's files up to a limit, since a device or a pipe may have no end."""

from pathlib import Path


def read_bounded(path: Path, bytes_max: int) -> bytes:
    """The whole content. Raises OSError; ValueError if there are more than ``bytes_max`` bytes."""
    with path.open("rb") as file:
        content = file.read(bytes_max + 1)
    if len(content) > bytes_max:
        raise ValueError(f"it has more than {bytes_max:,} bytes")
    return content
