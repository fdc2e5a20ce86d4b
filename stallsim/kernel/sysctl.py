"""Reads the settings of the network stack that decide how queues fill, for a recording's header."""

import os
from pathlib import Path

RTO_MIN = "net.ipv4.tcp_rto_min_us"
"""The least time for which the kernel waits for an acknowledgement, and before its probes
(Linux >= 6.11).
"""
SINGLE_PAGES = "net.core.high_order_alloc_disable"
"""Whether sent bytes are always stored in single pages (``kernel.large_pages``); a setting
of the machine.
"""
FRAGMENTS = "net.core.max_skb_frags"
"""The most pieces of memory in one segment (Linux >= 6.0); a setting of the machine."""
_KEYS = (
    SINGLE_PAGES,
    FRAGMENTS,
    "net.core.rmem_max",
    "net.core.wmem_max",
    "net.ipv4.tcp_adv_win_scale",
    "net.ipv4.tcp_app_win",
    "net.ipv4.tcp_congestion_control",
    "net.ipv4.tcp_early_retrans",
    "net.ipv4.tcp_ecn",
    "net.ipv4.tcp_mem",
    "net.ipv4.tcp_min_snd_mss",
    "net.ipv4.tcp_moderate_rcvbuf",
    "net.ipv4.tcp_mtu_probing",
    "net.ipv4.tcp_no_metrics_save",
    "net.ipv4.tcp_no_ssthresh_metrics_save",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_retries2",
    "net.ipv4.tcp_rmem",
    RTO_MIN,
    "net.ipv4.tcp_sack",
    "net.ipv4.tcp_shrink_window",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_timestamps",
    "net.ipv4.tcp_tso_rtt_log",
    "net.ipv4.tcp_tso_win_divisor",
    "net.ipv4.tcp_window_scaling",
    "net.ipv4.tcp_wmem",
)


def sysctl_path(key: str) -> Path:
    """The path of a setting in this process's stack, if its kernel has the setting."""
    return Path("/proc/sys", *key.split("."))


def read_sysctls() -> dict[str, str]:
    """The settings of this process's stack, without the keys that this kernel lacks."""
    paths = {key: sysctl_path(key) for key in _KEYS}
    return {
        key: " ".join(path.read_text(encoding="utf-8").split())
        for key, path in paths.items()
        if os.access(path, os.R_OK)
    }
