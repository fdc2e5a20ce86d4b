"""Every TLS handshake has the same size, which decides the window that a client's kernel advertises."""

from stallsim.tls import Tls, make_contexts


def handshake_bytes() -> tuple[int, int]:
    """What each end has said by the time that both are done."""
    make_contexts.cache_clear()  # a new certificate
    contexts = make_contexts("127.0.0.1")
    server, client = Tls(contexts.server), Tls(contexts.client, "127.0.0.1")
    down = up = 0
    client.unseal(b"")
    while words := client.outgoing():
        up += len(words)
        server.unseal(words)
        answer = server.outgoing()
        down += len(answer)
        if answer:
            client.unseal(answer)
    assert client.version == server.version == "TLSv1.3"
    return down, up


def test_a_handshake_is_of_one_size() -> None:
    assert len({handshake_bytes() for _ in range(200)}) == 1
