"""A fast way to the words of connections in which nothing waits, which are nearly all of a server's.

It finds what the whole table (``words``) would find, at a tenth of the cost; a test holds the two together.
"""

from ..kernel.diag_socket import TcpState
from ..kernel.glance import Glance
from ..kinds import Word
from .words import FALL_SHARE


def calm_word(before: tuple[int, int] | None, now: Glance) -> Word | None:
    """None where the whole table must decide. ``before`` is ``bytes_acked`` and ``snd_wnd``."""
    waits = now.wqueue or now.rqueue or now.retrans
    if waits or not now.inode or now.state != TcpState.ESTABLISHED:
        return None
    if before is None:
        return Word.NEW
    acked = now.bytes_acked - before[0]
    if acked <= 0:
        return Word.IDLE
    return None if before[1] - now.snd_wnd > FALL_SHARE * acked else Word.KEEPS_UP
