"""``jupyter``: a kernel's channels in one WebSocket (jupyter-client.readthedocs.io, 'Messaging')."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ..messages import ClientMessage
from ._base import ApplicationProtocol, SpokenAnswer, from_json, to_json


class Jupyter(ApplicationProtocol):
    """Jupyter: asks the kernel who it is, then runs the code that follows the name."""

    argument, argument_needed = "[CODE]", False

    def begin(self) -> Iterator[ClientMessage]:
        yield self._request("kernel_info_request", {})

    def receive(self, content: bytes) -> Iterator[SpokenAnswer]:
        if self.joined or b"kernel_info_reply" not in content:
            return
        match from_json(content):
            case {"header": {"msg_type": "kernel_info_reply"}}:
                self.joined = True
                if self.given:
                    code = {
                        "code": self.given,
                        "silent": False,
                        "store_history": False,
                        "allow_stdin": False,
                    }
                    yield SpokenAnswer(self._request("execute_request", code))

    def _request(self, kind: str, content: dict[str, object]) -> ClientMessage:
        header = {
            "msg_id": f"{self.client}-{kind}",
            "session": self.client,
            "username": "stallsim",
            "date": datetime.now(UTC).isoformat(),
            "msg_type": kind,
            "version": "5.3",
        }
        return to_json(
            {
                "channel": "shell",
                "header": header,
                "parent_header": {},
                "metadata": {},
                "content": content,
                "buffers": [],
            }
        )
