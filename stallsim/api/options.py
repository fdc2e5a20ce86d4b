"""What a client may be told about a server: the options of ``probe`` and of ``open_stalled``, typed."""

import re
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import TypedDict, TypeVar

import msgspec

from ..errors import StallsimError
from ..probing.client.handshake_headers import check_subprotocols, handshake_headers
from ..probing.spec import START_TIMEOUT_S, Command, ProbeSpec, Target, Watch, watch_of
from .messages import Answers, Content, Greeting, to_hellos, to_repeated, to_replies, to_spoken
from .written import Amount, Time, to_bytes, to_bytes_per_s, to_seconds


class TargetOptions(TypedDict, total=False):
    """How a client introduces itself."""

    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    token: str
    """A bearer token."""
    subprotocols: Sequence[str]
    hello: Greeting | Sequence[Greeting]
    """Messages, sent once connected: to subscribe. Text is sent as text, bytes as a binary message; the
    second of a pair is sent after a message of the server that the first matches.
    """
    speak: str
    """An application's protocol to join by, and what follows its name: ``mqtt prices/#``."""
    send: Content
    """What the client goes on sending, so that the server answers."""
    every: Time
    """How often (10 ms)."""
    deflate: bool
    """Whether permessage-deflate is offered, as browsers offer it."""
    replies: Answers
    """Messages and what each is answered: an application's heartbeat; a key may end in ``*``."""
    allow_remote: bool
    """Only loopback is stalled unless this says that the server is yours."""
    verify_tls: bool
    ca_file: str
    """A PEM file with the authority that signed the server's certificate."""


class ProbeOptions(TargetOptions, total=False):
    """What is done to the server, and for how long."""

    stalls: Sequence[str]
    """Which, in turn; absent: the main ones."""
    command: str | Sequence[str]
    """Starts the server, afresh for each stall: a string for the shell, or words."""
    start_timeout: Time
    """With ``command``: how long until the server's opening handshake works (60 s)."""
    private_stack: bool
    """With ``command``: in a network stack of its own, with small buffers."""
    before: str
    """A command for the shell, run for each start once the server listens: it prints a URL, fields of the
    opening handshake, or a bearer token, each on a line."""
    pid: int
    """Whose memory is watched; absent: found by the socket."""
    watch: Time
    """How long at most, once the kernels take no more."""
    refused: Amount
    """Until so much was refused. Without these two one stall is watched for 30 s, to find every timeout up
    to that and every bound that the stream reaches in it; the others for 2 s, or 8 MiB."""
    quick: bool
    """No stall is watched for longer than those 2 s."""
    stop_at: Amount
    """As much memory as the server may take (512 MiB)."""
    keepalive: Time
    """Also: is a client that answers no Ping disconnected within this?"""
    rate: Amount
    """What ``slow-reader`` reads a second (a tenth of the stream)."""
    baseline: Time
    """How long the stream is looked at before a stall; absent: as long as its rhythm needs."""
    record: str | PathLike[str]
    """A file that the probe is recorded in, for ``stallsim replay``."""
    force: bool
    """Whether that file may be overwritten."""


_EVERY = "10ms"
_KEY = re.compile(r"\.([a-z_]+)")
_Made = TypeVar("_Made", Target, ProbeSpec)
TARGET_KEYS = TargetOptions.__optional_keys__


def target_of(url: str, options: TargetOptions) -> Target:
    """Raises StallsimError for a field that is none of HTTP, and for a value of a wrong kind."""
    subprotocols = _texts("subprotocols", options.get("subprotocols", ()))
    target = Target(
        url=url,
        headers=handshake_headers(
            tuple(_pairs("headers", options.get("headers")).items()),
            _pairs("cookies", options.get("cookies")),
            options.get("token"),
        ),
        subprotocols=subprotocols,
        hello=to_hellos("hello", options.get("hello", ())),
        replies=to_replies("replies", options.get("replies", {})),
        repeated=to_repeated(options.get("send"), options.get("every", _EVERY)),
        speak=to_spoken(options.get("speak")),
        deflate=options.get("deflate", False),
        allow_remote=options.get("allow_remote", False),
        verify_tls=options.get("verify_tls", True),
        ca_file=options.get("ca_file"),
    )
    target = _of_its_kinds(target)
    check_subprotocols(subprotocols)
    return target


def probe_spec(url: str, options: ProbeOptions) -> ProbeSpec:
    """Raises StallsimError for what was written wrongly."""
    command, keepalive = options.get("command"), options.get("keepalive")
    default = ProbeSpec(target=target_of(url, options))
    spec = ProbeSpec(
        target=default.target,
        stalls=_texts("stalls", options.get("stalls", default.stalls)),
        command=None
        if command is None
        else Command(
            words=_words(command),
            start_timeout_s=to_seconds("start_timeout", options.get("start_timeout", START_TIMEOUT_S)),
        ),
        private_stack=options.get("private_stack", False),
        before=options.get("before"),
        pid=options.get("pid"),
        watch=_watch(options, default.short),
        stop_at_bytes=to_bytes("stop_at", options.get("stop_at", default.stop_at_bytes)),
        keepalive_s=None if keepalive is None else to_seconds("keepalive", keepalive),
        rate_per_s=to_bytes_per_s("rate", options["rate"]) if "rate" in options else None,
        baseline_s=to_seconds("baseline", options["baseline"]) if "baseline" in options else None,
        record=fspath(options["record"]) if "record" in options else None,
        force=options.get("force", False),
    )
    return _of_its_kinds(spec)


def _of_its_kinds(made: _Made) -> _Made:
    """The same, if every value is of the kind that its field says. Raises StallsimError with the option."""
    try:
        return msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at ")
        key = _KEY.findall(path)
        raise StallsimError(f"{key[-1] if key else 'an option'}: {problem}") from None
    except (TypeError, UnicodeEncodeError) as error:
        raise StallsimError(f"an option cannot be passed on: {error}") from None


def _pairs(name: str, given: object) -> Mapping[str, str]:
    """Raises StallsimError for what is no mapping from text to text."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(one, str) for one in (*given, *given.values())):
        raise StallsimError(f"{name}: expected a mapping from text to text, got {given!r}")
    return given


def _watch(options: ProbeOptions, short: Watch) -> Watch | None:
    """How every stall is watched, where that was said."""
    watch, refused = options.get("watch"), options.get("refused")
    seconds = None if watch is None else to_seconds("watch", watch)
    size = None if refused is None else to_bytes("refused", refused)
    return watch_of(seconds, size, short if options.get("quick", False) else None)


def _texts(name: str, texts: str | Sequence[str]) -> tuple[str, ...]:
    """One text may stand for a sequence of one. Raises StallsimError for what is neither."""
    if isinstance(texts, str):
        return (texts,)
    given: object = texts
    if not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise StallsimError(f"{name}: expected a text or several, got {texts!r}")
    return tuple(texts)


def _words(command: str | Sequence[str]) -> tuple[str, ...]:
    return ("/bin/sh", "-c", command) if isinstance(command, str) else tuple(command)
