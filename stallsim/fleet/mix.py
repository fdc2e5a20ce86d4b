"""Which kinds of parked clients a fleet has, in which shares: ``stop-reading=90,slow-reader=10``."""

from collections.abc import Mapping

from ..errors import OptionError
from .parked import PARKED

Mix = dict[str, float]
"""Shares by kind; they add up to 1."""


def parse_mix(option: str, text: str) -> Mix:
    """Raises StallsimError for an unknown kind, a kind named twice, a weight that is no positive number."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, equals, weight = part.strip().partition("=")
        PARKED.find(name)
        if name in weights:
            raise OptionError(option, f"{name} is named twice")
        weights[name] = _weight(option, name, weight) if equals else 1.0
    return shares(weights)


def shares(weights: Mapping[str, float]) -> Mix:
    """The same weights, so that they add up to 1."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _weight(option: str, name: str, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = 0.0
    if not 0 < weight < float("inf"):
        raise OptionError(option, f"{name}={text}: expected a number above 0, such as {name}=90")
    return weight


def split(count: int, mix: Mix) -> dict[str, int]:
    """Whole numbers that add up to ``count``, each within one of its share (largest remainders)."""
    exact = {name: count * share for name, share in mix.items()}
    whole = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: count - sum(whole.values())]:
        whole[name] += 1
    return whole
