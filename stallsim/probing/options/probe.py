"""The options of a probe: the command line, the API and the pytest plugin make its spec of them here."""

from collections.abc import Sequence
from os import PathLike

from ...option_values import Amount, Time, to_bytes, to_bytes_per_s, to_path, to_seconds
from ..address import parse_url
from ..spec import START_TIMEOUT_S, Command, ProbeSpec, watch_of
from .checked import checked, texts
from .limits import LimitOptions, limits_of
from .target import TargetOptions, target_of


class ProbeOptions(TargetOptions, LimitOptions, total=False):
    """What is done to the server, and for how long."""

    stalls: Sequence[str]
    """Which; absent: the main ones."""
    command: str | Sequence[str]
    """Starts the server, afresh for each stall: a string for the shell, or words."""
    start_timeout: Time
    """With ``command``: how long until the server's opening handshake works (60 s)."""
    at_once: int
    """With ``command`` at port 0: so many stalls at once at most (as many as the CPUs have room for)."""
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


def probe_spec(url: str, options: ProbeOptions) -> ProbeSpec:
    """Raises StallsimError for what was written wrongly: OptionError, where one option is at fault."""
    parse_url(url)
    command = options.get("command")
    limits = limits_of(options)
    default = ProbeSpec(target=target_of(url, options))
    spec = ProbeSpec(
        target=default.target,
        stalls=texts("stalls", options.get("stalls", default.stalls)),
        command=None
        if command is None
        else Command(
            words=_words(command),
            start_timeout_s=to_seconds("start_timeout", options.get("start_timeout", START_TIMEOUT_S)),
        ),
        at_once=options.get("at_once"),
        private_stack=options.get("private_stack", False),
        before=options.get("before"),
        pid=options.get("pid"),
        watch=watch_of(
            to_seconds("watch", options["watch"]) if "watch" in options else None,
            to_bytes("refused", options["refused"]) if "refused" in options else None,
            default.short if options.get("quick", False) else None,
            at_least_s=limits.close_s,
        ),
        horizon=limits.watch(default.horizon),
        stop_at_bytes=to_bytes("stop_at", options.get("stop_at", default.stop_at_bytes)),
        keepalive_s=to_seconds("keepalive", options["keepalive"]) if "keepalive" in options else None,
        rate_per_s=to_bytes_per_s("rate", options["rate"]) if "rate" in options else None,
        baseline_s=to_seconds("baseline", options["baseline"]) if "baseline" in options else None,
        record=to_path("record", options["record"]) if "record" in options else None,
        force=options.get("force", False),
        limits=limits,
    )
    return checked(spec)


def _words(command: str | Sequence[str]) -> tuple[str, ...]:
    words = texts("command", command)
    return ("/bin/sh", "-c", *words) if isinstance(command, str) else words
