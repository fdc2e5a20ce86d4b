"""``python tests/browser/thin.py TRACE.jsonl COPY.jsonl``: of a trace, what the comparison needs."""

import json
import sys
from pathlib import Path
from typing import Any

if not __package__:
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.real_trace import RealTrace

_COLUMNS = ("t", "app", "k", "ub", "blk", "oq", "oqn", "sw", "ack", "brq", "brd", "brb")
_HEADER = ("type", "format", "columns", "columns_doc", "args", "meta", "server_tcp")


def thin(original: Path, copy: Path) -> None:
    """Write the copy, and make sure that it says the same. Raises ValueError where it does not."""
    lines = [json.loads(line) for line in original.read_text().splitlines()]
    header = lines[0]
    keep = [header["columns"].index(column) for column in _COLUMNS]
    thinned: list[object] = [_header(header)]
    for line in lines[1:]:
        if isinstance(line, list):
            thinned.append([line[index] for index in keep])
        elif (shorter := _shorter(line)) is not None:
            thinned.append(shorter)
    copy.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in thinned))
    whole, part = RealTrace(original), RealTrace(copy)
    if (whole.setup, whole.seen) != (part.setup, part.seen):
        raise ValueError(f"{copy} says {part.seen}, {original} {whole.seen}")


def _header(header: dict[str, Any]) -> dict[str, Any]:
    kept = {key: header[key] for key in _HEADER}
    kept["columns"] = list(_COLUMNS)
    kept["columns_doc"] = {column: header["columns_doc"][column] for column in _COLUMNS}
    return kept


def _shorter(line: dict[str, Any]) -> dict[str, Any] | None:
    match line:
        case {"js": {"gaps": gaps}}:
            return {"js": {"gaps": gaps}}
        case {"wire": {"counts": counts, "rows": rows}}:
            zero = [row for row in rows if row[7] == "ZERO_WINDOW"]
            return {"wire": {"counts": counts, "rows": zero}}
        case {"ss": _}:
            return None
    return line


if __name__ == "__main__":
    thin(Path(sys.argv[1]), Path(sys.argv[2]))
