"""Describes a resolved scenario in words: what a profile will do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ..content import Content
from ..json_text import json_text
from ..kernel.options import effective_buffers
from ..profile.scenario import ClientGroup, Scenario
from ..profile.validation import parser_of
from ..units import format_count, format_seconds, parse_rate, parse_size
from ..verdict.expectations import describe
from .clean import clean

Guards = Mapping[str, Struct]
Members = Sequence[tuple[ClientGroup, Struct]]


def as_json(scenario: Scenario, policy: Struct, guards: Guards, members: Members) -> str:
    """The scenario with every option of every variant, as one JSON object."""
    table: dict[str, Any] = msgspec.to_builtins(scenario)
    table["server"]["options"] = {scenario.server.policy: msgspec.to_builtins(policy)}
    table["server"]["guards"] = {name: msgspec.to_builtins(guard) for name, guard in guards.items()}
    for group, (_, spec) in zip(table["clients"], members, strict=True):
        group["options"] = msgspec.to_builtins(spec)
    return json_text(table)


def scenario_text(scenario: Scenario, policy: Struct, guards: Guards, members: Members) -> str:
    """The scenario as a page of text."""
    return "\n".join(_lines(scenario, policy, guards, members))


def _lines(scenario: Scenario, policy: Struct, guards: Guards, members: Members) -> Iterator[str]:
    stream, server = scenario.stream, scenario.server
    yield f"{clean(scenario.profile)}: {clean(scenario.title)}"
    for paragraph in (scenario.description, scenario.expectation):
        yield ""
        yield from (f"  {clean(line)}" for line in paragraph.strip().splitlines())
    yield ""
    duration = format_seconds(scenario.ticks * scenario.tick_s)
    ticks = f"{format_count(scenario.ticks)} ticks of {format_seconds(scenario.tick_s)}"
    yield f"pace     {scenario.pace.value}, {ticks} = {duration} of scenario time"
    if scenario.cycle is not None:
        each = format_seconds(scenario.cycle * scenario.tick_s)
        yield f"cycle    {format_count(scenario.cycle)} ticks = {each}; growth is measured per cycle"
    sort = "" if stream.content is Content.RANDOM else f", {stream.content.value},"
    size = f"{format_count(stream.frame)} bytes{' on the wire' * (not server.tls)}"
    often = "each tick" if stream.every == 1 else f"every {format_count(stream.every)} ticks"
    yield f"stream   a frame of {size}{sort} {often}, to every client"
    yield f"server   policy {server.policy}{_options(policy)}, writes {server.write.value}"
    sndbuf, _ = effective_buffers(server.sndbuf, None)
    yield f"         sndbuf {_buffer(server.sndbuf, sndbuf)}"
    congestion = clean(server.congestion or "the system's default")
    yield f"         nodelay {_word(server.nodelay)}, congestion {congestion}, FIN {server.fin.value}"
    coders = [name for name, on in (("permessage-deflate", server.deflate), ("TLS 1.3", server.tls)) if on]
    if coders:
        yield f"         {', then '.join(coders)}, between the queue and the kernel"
    if server.ping_interval is not None:
        pause = format_seconds(max(server.ping_interval, scenario.tick_s))
        least = " (one a tick)" if server.ping_interval < scenario.tick_s else ""
        yield f"         a Ping every {pause}{least}"
    for name, guard in guards.items():
        yield f"guard    {name}{_options(guard)}"
    if server.close_tick is not None:
        yield f"         sends Close to all clients at tick {format_count(server.close_tick)}"
    yield f"         the run ends at {format_count(server.memory_ceiling)} bytes of application queue"
    for group, spec in members:
        times = f"{group.count} x " if group.count > 1 else ""
        yield f"client   {times}{group.name}: {group.kind}{_options(spec, skip=('rcvbuf', 'maxseg'))}"
        maxseg = getattr(spec, "maxseg", None) or "decided by the route"
        asked = getattr(spec, "rcvbuf", None)
        _, rcvbuf = effective_buffers(None, asked)
        yield f"         rcvbuf {_buffer(asked, rcvbuf)}, maxseg {maxseg}"
    if scenario.wants_private_stack:
        settings = ", ".join(
            f"{clean(key)}={clean(str(value))}" for key, value in scenario.stack.sysctl.items()
        )
        yield f"stack    private{': ' + settings if settings else ''}"
    for expectation in scenario.expect:
        yield f"expect   {describe(expectation)}"


def _options(spec: Struct, skip: Sequence[str] = ()) -> str:
    parts = []
    for field, key in zip(spec.__struct_fields__, spec.__struct_encode_fields__, strict=True):
        if field not in skip:
            parts.append(f"{key} {_word(getattr(spec, field), parser_of(type(spec), key))}")
    return f" ({', '.join(parts)})" if parts else ""


def _word(value: object, parser: object = None) -> str:
    match value:
        case None:
            return "never"
        case bool():
            return "on" if value else "off"
        case float():
            return format_seconds(value)
        case int():
            unit = " B/s" if parser is parse_rate else " bytes" if parser is parse_size else ""
            return format_count(value) + unit
        case _:
            return clean(str(getattr(value, "value", value)))


def _buffer(asked: int | None, effective: int) -> str:
    if asked is None:
        return "auto-tuned by the kernel (the run is not pinned)"
    return f"{format_count(asked)} asked, {format_count(effective)} effective"
