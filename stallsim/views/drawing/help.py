"""The page that explains all keys."""

from .frame import Row, heading
from .lines import View
from .palette import BOLD, PLAIN

_KEYS = (
    ("space", "pause, and continue; at the end, play again"),
    (", . or arrows", "one tick back, one tick forward"),
    ("< >", "ten ticks back, ten ticks forward"),
    ("[ ]", "the previous and the next phase of the client in focus"),
    ("p n", "the previous and the next event of any client"),
    ("home end", "the first tick, the last tick"),
    ("digits, enter", "go to the tick with this number"),
    ("+ -", "double the speed, halve the speed"),
    ("tab, up, down", "set the focus on another client"),
    ("k j or pages", "scroll the events back and forward"),
    ("?", "show this page, and leave it"),
    ("q", "quit"),
    ("ctrl-z", "suspend this program; fg resumes it"),
)
_CELLS = 16


def help_rows(view: View) -> list[Row]:
    """The meaning of each key while a recording is shown. During a live run only tab and q have a
    meaning.
    """
    rows: list[Row] = [heading("  keys", view.width, view.glyphs), []]
    rows += [[(f"  {keys:<{_CELLS}}", BOLD), (words, PLAIN)] for keys, words in _KEYS]
    return rows
