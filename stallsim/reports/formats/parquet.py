"""Parquet: the same rows as CSV, typed and compressed, written by DuckDB."""

import csv
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, ClassVar

from ...errors import Unavailable
from ..found import Found
from ..rows import table_rows
from ._base import Format


class Parquet(Format):
    """Parquet (the extra ``parquet``): every sample, with the typed fields of a recording."""

    is_text: ClassVar[bool] = False

    def prepare(self) -> None:
        if find_spec("duckdb") is None:
            raise Unavailable(
                "a Parquet report", "duckdb is not installed", "pip install 'stallsim[parquet]' installs it"
            )

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        import duckdb

        columns, rows = table_rows(found)
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
            text, made = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
            types = dict.fromkeys(columns, "VARCHAR")
            with text.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                for number, row in enumerate(rows):
                    if number == 0:
                        types = {name: _type(value) for name, value in zip(columns, row, strict=True)}
                    writer.writerow(row)
            read = f"read_csv(?, header = false, auto_detect = false, nullstr = '\\0', columns = {types!r})"
            database.execute(f"COPY (SELECT * FROM {read}) TO '{made}' (FORMAT parquet)", [str(text)])
            with made.open("rb") as file:
                out.write(file.read())


def _type(value: object) -> str:
    """DuckDB's type for a column; all values of a column have the same type."""
    return {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE"}.get(type(value), "VARCHAR")
