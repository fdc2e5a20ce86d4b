"""Users of Locust with websocket-client, who read nothing once they are open: told by PORT and CLIENTS."""

import os
import sys

import websocket
from locust import User, constant, task

PORT, CLIENTS = int(os.environ["PORT"]), int(os.environ["CLIENTS"])
held: list[websocket.WebSocket] = []
print("ready", flush=True)
sys.stdin.readline()


class Sleeper(User):
    wait_time = constant(3600)

    @task
    def open(self) -> None:
        held.append(websocket.create_connection(f"ws://127.0.0.1:{PORT}/"))
        if len(held) == CLIENTS:
            print("open", flush=True)
