"""CSV: one row for each sample of each connection, or for each cell of a matrix."""

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO

from ...views.clean import clean
from ..fleet_rows import Value
from ..found import Found
from ..rows import table_rows
from ._base import Format

_FORMULA = ("=", "+", "-", "@")


class Csv(Format):
    """Comma-separated values (RFC 4180): every sample, with the fields of a recording."""

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        columns, rows = table_rows(found)
        text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
        text.detach()


def _cell(value: Value) -> Value:
    """The value; text that a spreadsheet would take for a formula gets an apostrophe, since it may be a
    server's.
    """
    if not isinstance(value, str):
        return value
    words = clean(value)
    return f"'{words}" if words.startswith(_FORMULA) else words
