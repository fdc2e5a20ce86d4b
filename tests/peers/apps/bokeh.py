"""Bokeh: a document whose periodic callback changes a model; both clients look at one session."""

import base64
import json

from ..peer import BLOCKS
from .app import App


def _token(session: str) -> str:
    """As the server makes it where sessions are not signed (bokeh/util/token.py)."""
    claims = {"session_id": session, "session_expiry": 4102444800}
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


APP = App(
    name="bokeh",
    setup="python3 -m venv bokeh && bokeh/bin/pip install --quiet bokeh",
    programs=("bokeh/bin/bokeh",),
    start=(
        "export APPS; exec bokeh/bin/bokeh serve $APPS/scripts/bokeh_app.py --address 127.0.0.1 --port $PORT "
        "--allow-websocket-origin '*'"
    ),
    path="/bokeh_app/ws",
    words=("--subprotocol", "bokeh", "--subprotocol", _token("stallsim")),
    subprotocol=f"bokeh, {_token('stallsim')}",
    outcome=BLOCKS,
    reason="a session's change is written to one connection after the other, and each write waits for its socket",
    source="bokeh, server/session.py: _handle_patch, send_patch_document; protocol/message.py: send",
)
