"""The filter of a dump, executed here by the rules of the kernel's ``inet_diag_bc_run``."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stallsim.errors import StallsimError
from stallsim.kernel.diag_filter import CGROUPS_MAX, of_cgroups

_JUMP, _CGROUP = 1, 13


def passes(code: bytes, cgroup: int) -> bool:
    at = 0
    while 0 <= at < len(code):
        kind, forward, otherwise = struct.unpack_from("=BBH", code, at)
        holds = kind == _CGROUP and struct.unpack_from("=Q", code, at + 4)[0] == cgroup
        at += forward if holds else otherwise
    return at == len(code)


def boundaries(code: bytes) -> list[int]:
    """Where the kernel's check lets a jump end: what the way of conditions that hold passes through."""
    found = [0]
    while found[-1] < len(code):
        found.append(found[-1] + code[found[-1] + 1])
    return found


@given(st.lists(st.integers(1, 2**64 - 1), min_size=1, max_size=20, unique=True), st.integers(1, 2**64 - 1))
def test_a_socket_passes_if_its_cgroup_is_one_of_those(ids: list[int], other: int) -> None:
    code = of_cgroups(ids)
    assert all(passes(code, one) for one in ids)
    assert passes(code, other) == (other in ids)


@pytest.mark.parametrize("count", [1, 2, 3, CGROUPS_MAX])
def test_the_kernel_takes_every_jump(count: int) -> None:
    code = of_cgroups(range(1, count + 1))
    allowed = {*boundaries(code), len(code) + 4}
    at = 0
    while at < len(code):
        kind, forward, otherwise = struct.unpack_from("=BBH", code, at)
        assert at + otherwise in allowed
        assert kind in (_JUMP, _CGROUP)
        at += forward
    assert at == len(code)


def test_without_a_cgroup_there_is_no_filter_and_too_many_are_refused() -> None:
    assert of_cgroups([]) == b""
    with pytest.raises(StallsimError, match="4,001 cgroups are too many"):
        of_cgroups(range(CGROUPS_MAX + 1))
