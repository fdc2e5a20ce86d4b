"""Credentials are sent to the server and written nowhere."""

from typing import Any

import pytest

from stallsim.errors import StallsimError
from stallsim.probing.address import parse_url
from stallsim.probing.client.handshake_headers import check_subprotocols, handshake_headers
from stallsim.probing.messages import ClientMessage, Hello
from stallsim.probing.secrets import Secrets, shown_url
from stallsim.probing.spec import Target


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ws://localhost:80/a", "ws://localhost:80/a"),
        ("ws://localhost:80/?token=S3CRET", "ws://localhost:80/?token=***"),
        ("ws://localhost:80/?a=1&b=&c", "ws://localhost:80/?a=***&b=&c"),
        ("wss://[::1]:80/a?k=v=w", "wss://[::1]:80/a?k=***"),
    ],
)
def test_the_values_of_a_query_are_masked(url: str, shown: str) -> None:
    assert shown_url(parse_url(url)) == shown


def test_a_server_that_prints_its_credentials() -> None:
    url = "ws://localhost:80/?token=S3CRET%20x&n=1"
    headers = handshake_headers([("Cookie", "sid=abcdef; theme=d")], token="bearer-token")
    secrets = Secrets(Target(url=url, headers=headers), parse_url(url))
    line = "GET /?token=S3CRET%20x (S3CRET x) sid=abcdef Authorization: Bearer bearer-token n=1"
    masked = secrets.masked(line)
    assert not any(one in masked for one in ("S3CRET", "abcdef", "bearer-token")), masked
    assert masked.startswith("GET /?token=*** (***) sid=***")
    assert masked.endswith("n=1")


@pytest.mark.parametrize(
    ("name", "value"),
    [("a(b", "c"), ("", "x"), ("a b", "c"), ("é", "x"), ("X", "a\r\nb: c"), ("X", "é"), ("X", "\udcff"),
     ("Host", "x"), ("content-length", "3"), ("Transfer-Encoding", "x"), ("Sec-WebSocket-Key", "x")],
)  # fmt: skip
def test_what_is_no_field_of_ours_is_refused(name: str, value: str) -> None:
    with pytest.raises(StallsimError, match=r"^header"):
        handshake_headers([(name, value)])


@pytest.mark.parametrize("names", [["é"], ["a b"], [""], ["a", "a"], ["a\r\nX: 1"]])
def test_what_is_no_subprotocol_is_refused(names: list[str]) -> None:
    with pytest.raises(StallsimError, match=r"^subprotocol"):
        check_subprotocols(names)


JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2ln"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ({"headers": (("X-Whatever", JWT),)}, f"X-Whatever: {JWT}"),
        ({"headers": (("Authorization", "Basic bWU6b3BlbnNlc2FtZQ=="),)}, "me:opensesame, opensesame"),
        ({"subprotocols": ("chat", JWT)}, f"unknown token {JWT}"),
        ({"subprotocols": (f"bearer.{JWT}",)}, f"unknown subprotocol bearer.{JWT}"),
        ({"hello": (Hello(ClientMessage(b'{"authToken": "opensesame"}')),)}, "no opensesame here"),
        ({"hello": (Hello(ClientMessage(b"CONNECT\npasscode:opensesame\n\n\0")),)}, "no opensesame here"),
        ({"headers": (("Cookie", f"jwt={JWT}"),)}, f"cut short: {JWT[:20]} and at the end: {JWT[:12]}"),
        ({"headers": (("Cookie", f"jwt={JWT}"),)}, f"{JWT[20:]} was cut at its beginning"),
    ],
)
def test_what_a_server_says_of_a_credential_is_masked(target: dict[str, Any], said: str) -> None:
    url = "ws://localhost:80/"
    masked = Secrets(Target(url=url, **target), parse_url(url)).masked(said)
    assert "***" in masked
    assert not any(secret in masked for secret in (JWT[:8], JWT[-8:], "opensesame")), masked


def test_what_is_no_credential_is_left() -> None:
    url = "ws://localhost:80/"
    headers = (("Origin", "https://example.org"), ("Cookie", "session=abcdef"))
    target = Target(url=url, headers=headers, subprotocols=("graphql-ws",))
    said = "session of https://example.org over graphql-ws"
    assert Secrets(target, parse_url(url)).masked(said) == said


@pytest.mark.parametrize(
    "url",
    [
        "ws://me:opensesame@localhost:80/",
        "ws://localhost:80/?token=opensesame#here",
        "ws://localhost:80/#token=opensesame",
        "ws://localhost:80/ ?token=opensesame",
        "ws://localhost:80/?token=opensesame&n=\u00e9",
        "ws://localhost:port/?token=opensesame",
        "ws+unix::?token=opensesame",
    ],
)
def test_a_refused_url_is_shown_without_its_credentials(url: str) -> None:
    with pytest.raises(StallsimError) as raised:
        parse_url(url)
    assert "opensesame" not in str(raised.value)
