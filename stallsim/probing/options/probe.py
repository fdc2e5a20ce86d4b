"""Makes a spec from the options of a probe, for the command line, the API and the pytest plugin."""

from collections.abc import Sequence
from os import PathLike

from ...option_values import Amount, Time, to_bytes, to_bytes_per_s, to_path, to_seconds
from ..address import parse_url
from ..spec import START_TIMEOUT_S, Command, ProbeSpec, watch_of
from .checked import checked, texts
from .limits import LimitOptions, limits_of
from .target import TargetOptions, target_of


class ProbeOptions(TargetOptions, LimitOptions, total=False):
    """The options for what a probe does to the server, and for how long."""

    stalls: Sequence[str]
    """Names of stalls; absent: the main ones."""
    command: str | Sequence[str]
    """A command that starts a new server for each stall: a string for the shell, or words."""
    start_timeout: Time
    """With ``command``: the time within which the server's opening handshake must work (60 s)."""
    at_once: int
    """With ``command`` at port 0: the most stalls at the same time (as many as the CPUs have room for)."""
    private_stack: bool
    """With ``command``: whether the server gets a network stack of its own with small buffers."""
    before: str
    """A command for the shell, run at each start once the server listens. It prints a URL, fields of the
    opening handshake, or a bearer token, each on a line.
    """
    pid: int
    """The process whose memory is watched; absent: the process is found by its socket."""
    watch: Time
    """The most time for which a stall is watched once the kernels accept no more."""
    refused: Amount
    """Watch until the kernels have refused this much. Without ``watch`` and ``refused``, one stall is
    watched for 30 s, which shows every timeout up to that and every bound that the stream reaches in it;
    the other stalls are watched for 2 s or 8 MiB.
    """
    quick: bool
    """Whether every stall is watched for only 2 s, or until 8 MiB were refused."""
    stop_at: Amount
    """The memory that the server may take before the stall ends (512 MiB)."""
    keepalive: Time
    """Also test whether a client that answers no Ping is disconnected within this time."""
    rate: Amount
    """Bytes that ``slow-reader`` reads per second (a tenth of the stream)."""
    baseline: Time
    """How long the stream is watched before a stall; absent: as long as its rhythm requires."""
    record: str | PathLike[str]
    """The file into which the probe is recorded, for ``stallsim replay``."""
    force: bool
    """Whether that file may be overwritten."""


def probe_spec(url: str, options: ProbeOptions) -> ProbeSpec:
    """The spec that these options describe. Raises StallsimError for invalid options; OptionError if one
    option is at fault.
    """
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
