"""Finds the word of a connection in which nothing waits at a tenth of the cost; nearly all are like this.

The result is the same as that of the whole table (``words``); a test checks that the two agree.
"""

from ..kernel.diag_socket import TcpState
from ..kernel.glance import Glance
from ..kinds import Word
from .words import FALL_SHARE


def calm_word(before: tuple[int, int] | None, now: Glance) -> Word | None:
    """The connection's word; None if the whole table must decide.

    ``before`` is ``bytes_acked`` and ``snd_wnd`` of the earlier look; None without one.
    """
    waits = now.wqueue or now.rqueue or now.retrans
    if waits or not now.inode or now.state != TcpState.ESTABLISHED:
        return None
    if before is None:
        return Word.NEW
    acked = now.bytes_acked - before[0]
    if acked <= 0:
        return Word.IDLE
    return None if before[1] - now.snd_wnd > FALL_SHARE * acked else Word.KEEPS_UP
