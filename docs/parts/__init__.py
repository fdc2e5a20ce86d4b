"""The parts of the pages that are made from the code: ``python -m docs.parts`` writes them anew.

Each module here is one page's part. It has the page's name, and a function ``generated`` that returns
Markdown. A test holds the pages and the code together.
"""

import importlib
import pkgutil
from pathlib import Path

FOLDER = Path(__file__).parents[1]
_BEGIN, _END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"


def pages() -> dict[Path, str]:
    """Each page that has such a part, and the text that it should have by today's code."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "__main__")
    return {FOLDER / f"{name}.md": _page(name) for name in names}


def _page(name: str) -> str:
    head, _, rest = (FOLDER / f"{name}.md").read_text().partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    made: str = importlib.import_module(f"{__name__}.{name}").generated()
    return head + _BEGIN + made + _END + tail
