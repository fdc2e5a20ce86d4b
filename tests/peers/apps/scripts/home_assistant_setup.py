"""Makes a configuration folder of Home Assistant: its HTTP server, one user with a token, and one integration of
our own, which fires an event each interval: ``home_assistant_setup.py FOLDER PORT TOKEN_ID KEY``.
"""

import json
import sys
from pathlib import Path

MANIFEST = {
    "domain": "prices",
    "name": "Prices",
    "version": "1.0.0",
    "documentation": "https://www.home-assistant.io",
    "codeowners": [],
    "requirements": [],
    "dependencies": ["websocket_api"],
}
INTEGRATION = """
import asyncio, sys
sys.path.append({servers!r})
import feed

async def async_setup(hass, config):
    async def stream():
        number = 0
        while True:
            hass.bus.async_fire("prices", {{"message": feed.message(number)}})
            number += 1
            await asyncio.sleep(feed.INTERVAL_S)
    hass.async_create_background_task(stream(), "prices")
    return True
"""


def main(folder: Path, port: str, token_id: str, key: str) -> None:
    user = {
        "id": "user",
        "group_ids": ["system-admin"],
        "is_owner": True,
        "is_active": True,
        "name": "stallsim",
    }
    token = {
        "id": token_id,
        "user_id": "user",
        "client_id": None,
        "client_name": "stallsim",
        "token_type": "long_lived_access_token",
        "created_at": "2024-01-01T00:00:00+00:00",
        "access_token_expiration": 1e9,
        "token": "0" * 128,
        "jwt_key": key,
    }
    auth = {
        "users": [user | {"system_generated": False, "local_only": False}],
        "groups": [{"id": "system-admin", "name": "Administrators"}],
        "credentials": [],
        "refresh_tokens": [token],
    }
    integration = folder / "custom_components" / "prices"
    integration.mkdir(parents=True)
    (folder / ".storage").mkdir()
    (folder / ".storage" / "auth").write_text(json.dumps({"version": 1, "key": "auth", "data": auth}))
    (folder / "configuration.yaml").write_text(
        f"http:\n  server_host: 127.0.0.1\n  server_port: {port}\nwebsocket_api:\nprices:\n"
    )
    (integration / "manifest.json").write_text(json.dumps(MANIFEST))
    servers = str(Path(__file__).parents[2] / "servers")
    (integration / "__init__.py").write_text(INTEGRATION.format(servers=servers))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
