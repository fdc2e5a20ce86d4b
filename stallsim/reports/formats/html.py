"""HTML: one file that needs no network, with the queues of every connection to look through."""

from collections.abc import Sequence
from typing import BinaryIO

from ..found import Found
from ..page.document import document
from ._base import Format


class Html(Format):
    """One page, offline: graphs of every queue with the phases, the verdict, the evidence, the ledger."""

    other_suffixes = (".htm",)

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        out.write(document(found).encode())
