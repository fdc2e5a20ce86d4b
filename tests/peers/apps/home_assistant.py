"""Home Assistant: an integration that fires an event each interval, and its WebSocket API's subscribe_events."""

import base64
import hmac
import json

from ..peer import DROPS, WAITS
from ..raw import TEXT
from .app import App
from .client import AppClient

_ID, _KEY = "stallsim", "not a secret: of a server on loopback that lives for a minute"


def _token() -> str:
    """The long-lived token that belongs to the setup: a JSON Web Token (RFC 7519) with HS256."""
    claims = ({"alg": "HS256", "typ": "JWT"}, {"iss": _ID, "iat": 1704067200, "exp": 2019427200})
    signed = b".".join(_encoded(json.dumps(one).encode()) for one in claims)
    return (signed + b"." + _encoded(hmac.digest(_KEY.encode(), signed, "sha256"))).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


_AUTH = json.dumps({"type": "auth", "access_token": _token()})
_SUBSCRIBE = json.dumps({"id": 1, "type": "subscribe_events", "event_type": "prices"})


def join(client: AppClient) -> None:
    client.expect(b"auth_required")
    client.send(TEXT, _AUTH.encode())
    client.expect(b"auth_ok")
    client.send(TEXT, _SUBSCRIBE.encode())


APP = App(
    name="home_assistant",
    setup=(
        "python3 -m venv home-assistant && cd home-assistant && bin/pip install --quiet uv && "
        "bin/uv pip install --quiet --python bin/python homeassistant && "
        "bin/uv pip install --quiet --python bin/python -c lib/python3*/site-packages/homeassistant/package_constraints.txt "
        "aiohttp_cors pillow janus psutil-home-assistant securetar home-assistant-frontend sqlalchemy fnv-hash-fast 'josepy<2'"
    ),
    programs=("home-assistant/bin/hass",),
    start=(
        "D=$PWD/hass-$PORT; rm -rf $D; mkdir $D; "
        f"home-assistant/bin/python $APPS/scripts/home_assistant_setup.py $D $PORT {_ID} '{_KEY}' && "
        "exec home-assistant/bin/hass --config $D --skip-pip"
    ),
    path="/api/websocket",
    words=(
        "--after",
        '{"type":"auth_required*',
        "--hello",
        _AUTH,
        "--after",
        '{"type":"auth_ok*',
        "--hello",
        _SUBSCRIBE,
    ),
    join=join,
    outcome=DROPS,
    stalled_s_min=15,
    findings_possible=frozenset({WAITS}),
    reason="with 4,096 messages waiting, or more than 1,024 for 5 s, the client is given up; its connection ends behind "
    "what its socket still holds",
    source="homeassistant/components/websocket_api/const.py: MAX_PENDING_MSG, PENDING_MSG_PEAK",
)
