"""Credentials are sent to the server and written nowhere."""

import pytest

from stallsim.errors import StallsimError
from stallsim.probing.address import parse_url
from stallsim.probing.client.handshake_headers import check_subprotocols, handshake_headers
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
