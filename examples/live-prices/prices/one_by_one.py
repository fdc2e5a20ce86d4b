"""BUG: the ``ConnectionManager`` that many pages show. One browser that sleeps stops all the others."""

from fastapi import WebSocket, WebSocketDisconnect

from .app import make_app


class ConnectionManager:
    """Sends to one after the other, and waits for each."""

    def __init__(self) -> None:
        self.connections: list[WebSocket] = []

    async def serve(self, websocket: WebSocket) -> None:
        """Until the browser goes."""
        await websocket.accept()
        self.connections.append(websocket)
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            self.connections.remove(websocket)

    async def publish(self, text: str) -> None:
        """``send_text`` returns when there is room for the text: for a tab that sleeps, never."""
        for connection in list(self.connections):
            try:
                await connection.send_text(text)
            except (WebSocketDisconnect, RuntimeError):  # it went while we were at it
                continue


app = make_app(ConnectionManager())
