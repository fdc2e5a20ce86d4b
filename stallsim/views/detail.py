"""An event's detail as text that can be shown."""

from ..units import format_count, format_seconds
from .clean import clean

_PEER_LIMIT = 160
"""Characters of a peer's own words."""


class Detail:
    """An event's detail: any key may be missing, and any text may be hostile."""

    def __init__(self, detail: dict[str, int | float | str]) -> None:
        self._detail = detail

    def __getitem__(self, key: str) -> str:
        value = self._detail.get(key, "?")
        return format_count(value) if isinstance(value, int) else self.text(key)

    def text(self, key: str) -> str:
        """A value as harmless text; ``?`` where it is missing."""
        return clean(str(self._detail.get(key, "?")), _PEER_LIMIT)

    def seconds(self, key: str) -> str:
        """A duration in seconds, with a fitting unit."""
        value = self._detail.get(key)
        return format_seconds(value) if isinstance(value, int | float) else self.text(key)

    def all(self) -> str:
        """Every key and value."""
        return ", ".join(f"{clean(key, 32)} {self.text(key)}" for key in self._detail)
