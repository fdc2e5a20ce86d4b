"""Jupyter: a kernel whose thread prints, by its WebSocket of channels; the kernel is made for each start."""

import json
from urllib.request import Request, urlopen

from ..peer import FREEZES, STARVES, UNBOUNDED
from .app import HERE, App


def open_kernel(port: int) -> str:
    """The path of a new kernel's channels."""
    with urlopen(Request(f"http://127.0.0.1:{port}/api/kernels", method="POST")) as answer:
        kernel: str = json.load(answer)["id"]
    return f"/api/kernels/{kernel}/channels"


APP = App(
    name="jupyter",
    setup="python3 -m venv venv && venv/bin/pip install --quiet jupyter-server ipykernel",
    programs=("venv/bin/jupyter-server", "jq", "curl"),
    start=(
        "D=$PWD/jupyter-$PORT; mkdir -p $D/.ipython/profile_default/startup; "
        f"cp {HERE / 'scripts' / 'jupyter_kernel.py'} $D/.ipython/profile_default/startup/00.py; "
        "HOME=$D exec venv/bin/jupyter-server --allow-root --no-browser --ip=127.0.0.1 --port=$PORT "
        "--ServerApp.port_retries=0 --IdentityProvider.token= --ServerApp.disable_check_xsrf=True "
        "--ZMQChannelsWebsocketConnection.limit_rate=False"
    ),
    words=(
        "--before",
        "id=$(curl -sf -X POST http://127.0.0.1:$PORT/api/kernels | jq -re .id) && "
        'echo "ws://127.0.0.1:$PORT/api/kernels/$id/channels"',
        "--speak",
        "jupyter",
    ),
    resource=open_kernel,
    outcome=UNBOUNDED,
    findings_possible=frozenset({STARVES, FREEZES}),
    reason="tornado's write_message() buffers in the IOStream: a client is sent all that the kernel prints",
    source="jupyter_server, services/kernels/connection/channels.py; tornadoweb.org, write_message",
)
