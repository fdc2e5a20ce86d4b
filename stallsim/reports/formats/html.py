"""HTML: one file that needs no network, with the queues of every connection to look through."""

from collections.abc import Sequence
from typing import BinaryIO

from ..found import Found
from ..page.document import document
from ._base import Format


class Html(Format):
    """One page for use offline: graphs of every queue with its phases, verdict, evidence and ledger."""

    other_suffixes = (".htm",)

    def write(self, found: Sequence[Found], out: BinaryIO) -> None:
        out.write(document(found).encode())
