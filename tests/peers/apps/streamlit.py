"""Streamlit: a script that shows one message after the other; each session runs its own."""

from ..peer import DROPS, SILENT
from ..raw import BINARY
from .app import App
from .client import AppClient

_RERUN = b"\x5a\x00"
"""BackMsg.rerun_script, with nothing in it (streamlit/proto/BackMsg.proto)."""


def join(client: AppClient) -> None:
    client.send(BINARY, _RERUN)


APP = App(
    name="streamlit",
    setup="python3 -m venv streamlit && streamlit/bin/pip install --quiet streamlit",
    programs=("streamlit/bin/streamlit",),
    start=(
        "export APPS; exec streamlit/bin/streamlit run $APPS/scripts/streamlit_app.py --server.headless true "
        "--server.address 127.0.0.1 --server.port $PORT --browser.gatherUsageStats false --server.fileWatcherType none"
    ),
    path="/_stcore/stream",
    words=("--hello-hex", _RERUN.hex()),
    join=join,
    subprotocol="streamlit",
    outcome=DROPS,
    refused_bytes_min=4 << 20,
    findings_possible=frozenset({SILENT}),
    reason="500 messages wait for a client; with one more its session is given up, and its connection stays open",
    source="streamlit, web/server/starlette/starlette_websocket.py: WEBSOCKET_MAX_SEND_QUEUE_SIZE",
)
