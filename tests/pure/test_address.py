"""Parsing a URL; its scheme is the name of a protocol in the family of protocols."""

import pytest

from stallsim.cli._names import SCHEMES
from stallsim.errors import StallsimError
from stallsim.probing.address import Address, parse_url
from stallsim.probing.protocols import PROTOCOLS


@pytest.mark.parametrize("name", PROTOCOLS.names())
def test_each_protocol_is_a_scheme_alone_over_tls_and_over_a_unix_socket(name: str) -> None:
    for scheme, tls, port in ((name, False, 80), (f"{name}s", True, 443)):
        assert parse_url(f"{scheme}://localhost/a?b") == Address("localhost", port, tls, "/a?b", name)
        assert parse_url(f"{scheme}+unix:/run/s:/a") == Address("/run/s", 0, tls, "/a", name)


@pytest.mark.parametrize("url", ["ftp://localhost/", "ftp+unix:/run/s", "ws:///", "ws://a b/", "ws://ä/"])
def test_the_message_for_an_invalid_url_names_every_scheme(url: str) -> None:
    with pytest.raises(StallsimError) as refused:
        parse_url(url)
    for name in PROTOCOLS.names():
        assert {f"{name}://", f"{name}s://"} <= set(_schemes(str(refused.value)))
    assert "ws+unix:/SOCKET" in str(refused.value)


def _schemes(line: str) -> list[str]:
    _, allowed = line.split("; allowed: ")
    return [f"{word.partition('://')[0]}://" for word in allowed.replace(",", " ").split()]


def test_the_command_line_knows_the_same_schemes() -> None:
    assert PROTOCOLS.names() == SCHEMES


def test_a_port_that_is_to_be_chosen_is_port_0_of_tcp() -> None:
    urls = ("ws://localhost:0/", "ws://localhost/", "ws+unix:/run/s")
    assert [parse_url(url).wants_a_port for url in urls] == [True, False, False]
