"""The descriptors of open clients: each is counted once, and forgotten when its client is over."""

from hypothesis import given
from hypothesis import strategies as st

from stallsim.fleet.descriptors import ClientDescriptors


@given(st.lists(st.tuples(st.sampled_from(["add", "wake", "forget"]), st.integers(0, 3000)), max_size=60))
def test_they_are_what_a_set_of_numbers_would_be(done: list[tuple[str, int]]) -> None:
    clients, opened, woken = ClientDescriptors(), set[int](), set[int]()
    for what, fd in done:
        if what == "add" and fd not in opened:
            clients.add(fd)
            opened.add(fd)
        elif what == "wake" and fd in opened:
            clients.wake(fd)
            woken.add(fd)
        elif what == "forget" and fd in opened:
            clients.forget(fd)
            opened.discard(fd)
            woken.discard(fd)
    assert list(clients) == sorted(opened)
    assert (len(clients), clients.awake_count) == (len(opened), len(woken))
    assert clients.asleep() == sorted(opened - woken)
    assert {fd for fd in opened if clients.awake(fd)} == woken
