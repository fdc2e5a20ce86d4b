"""Translates the names of options in a message to the spelling of its reader.

Inside the program an option has its Python name in back quotes, as ``watch=`` or ``verify_tls=False``. The
API and the pytest plugin show it so; the command line replaces it by its own spelling.
"""

import re

_OTHERWISE = {
    "ca_file": "--ca",
    "command": "--exec",
    "cookies": "--cookie",
    "headers": "--header",
    "overrides": "--set",
    "refused": "--for",
    "replies": "--reply",
    "stalls": "--profile",
    "subprotocols": "--subprotocol",
    "verify_tls": "--insecure",
}
"""Flags that are not the option's name with dashes."""
NAMED = re.compile(r"`(\w+)=(?:True|False)?`")


def flag_of(option: str) -> str:
    """``--must-close-within`` for ``must_close_within``."""
    return _OTHERWISE.get(option, f"--{option.replace('_', '-')}")


def for_command_line(text: str) -> str:
    """The text with flags: ``--watch``, ``--insecure``."""
    return NAMED.sub(lambda named: flag_of(named[1]), text)
