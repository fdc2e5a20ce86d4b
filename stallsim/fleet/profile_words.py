"""A fleet's profile in words."""

import textwrap
from collections.abc import Iterator

from ..probing.spec import Target
from ..units import format_count, format_seconds, format_size
from ..views.clean import clean
from .profile import FleetProfile
from .spec import FleetSpec

_WIDTH = 100


def profile_lines(name: str, profile: FleetProfile) -> Iterator[str]:
    """Its story, then what will be done: its own keys, and what is usual for those that it leaves out."""
    spec = FleetSpec(target=Target(url="ws://localhost/"), **profile.spec_fields())
    yield f"{name}: {clean(profile.title)}"
    yield ""
    yield from textwrap.wrap(clean(" ".join(profile.description.split())), _WIDTH)
    yield ""
    mix = ", ".join(f"{kind} {share:.1%}" for kind, share in spec.mix.items())
    yield f"clients    {format_count(spec.clients)}: {mix}"
    yield f"opened     in {spec.steps} steps, at {spec.rate_per_s:,.0f} a second at most"
    yield f"witnesses  {spec.witnesses}, watched for {format_seconds(spec.look_s)} at each size"
    yield f"held for   {format_seconds(spec.hold_s) if spec.hold_s else 'no additional time'}"
    yield f"woken      {spec.wake_share:.0%} of the clients, in the end"
    yield f"rcvbuf     {format_size(spec.rcvbuf) if spec.rcvbuf is not None else 'the default'}"
    if spec.memory_bytes is not None:
        yield f"memory     the server's limit: {format_size(spec.memory_bytes)}"
    limits = profile.limits
    if limits.max_memory_per_client is not None:
        yield f"limit      one client costs at most {format_size(limits.max_memory_per_client)}"
    if limits.min_clients is not None:
        yield f"limit      at least {format_count(limits.min_clients)} clients"
    if limits.fail_on is not None:
        yield f"limit      these must not be seen: {', '.join(one.value for one in limits.fail_on)}"
