"""The page that explains all keys."""

from .frame import Row, heading
from .lines import View
from .palette import BOLD, PLAIN

_KEYS = (
    ("space", "pause and go on; at the end, play again"),
    (", . or arrows", "one tick back and forth"),
    ("< >", "ten ticks back and forth"),
    ("[ ]", "the phase before and the next one, of the client in focus"),
    ("p n", "the event before and the next one, of any client"),
    ("home end", "the first tick and the last"),
    ("digits, enter", "the tick of that number"),
    ("+ -", "twice and half the speed"),
    ("tab, up, down", "another client in focus"),
    ("k j or pages", "scroll the events back and forth"),
    ("?", "this page, and back"),
    ("q", "leave"),
    ("ctrl-z", "stop for a while; fg goes on"),
)
_CELLS = 16


def help_rows(view: View) -> list[Row]:
    """The meaning of each key while a recording is shown. During a live run only tab and q have a
    meaning.
    """
    rows: list[Row] = [heading("  keys", view.width, view.glyphs), []]
    rows += [[(f"  {keys:<{_CELLS}}", BOLD), (words, PLAIN)] for keys, words in _KEYS]
    return rows
