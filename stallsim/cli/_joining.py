"""The options with which a client joins: what it sends, waits for and answers to be given the stream."""

from pathlib import Path
from typing import Annotated

import typer

from ._names import APPLICATIONS, allowed

_Texts = list[str] | None

Headers = Annotated[
    _Texts, typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="Of the opening handshake.")
]
Cookies = Annotated[_Texts, typer.Option("--cookie", metavar="NAME=VALUE", help="A cookie.")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="STALLSIM_TOKEN",
        help="A bearer token; on the command line everybody sees it in ps: rather STALLSIM_TOKEN.",
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="A file whose first line is the bearer token."),
]
Subprotocols = Annotated[_Texts, typer.Option("--subprotocol", help="Offer it; repeatable.")]
Hellos = Annotated[
    _Texts,
    typer.Option(
        "--hello",
        metavar="TEXT|@FILE",
        help="Send it once connected, to subscribe; repeatable. {client} is a value of each client's own, "
        "here, in the URL and in headers.",
    ),
]
HexHellos = Annotated[
    _Texts,
    typer.Option("--hello-hex", metavar="HEX|@FILE", help="The same, as a binary message; repeatable."),
]
Afters = Annotated[
    _Texts,
    typer.Option(
        "--after",
        metavar="MATCH",
        help="Send the next --hello only after such a message of the server; MATCH may end in *.",
    ),
]
Replies = Annotated[
    _Texts,
    typer.Option(
        "--reply",
        metavar="MATCH=TEXT",
        help="Answer a message so (an application's heartbeat: --reply 2=3); MATCH may end in *.",
    ),
]
Sent = Annotated[
    str | None,
    typer.Option(
        "--send", metavar="TEXT|@FILE", help="Both clients go on sending it, so that the server answers."
    ),
]
Every = Annotated[
    str | None, typer.Option("--every", metavar="DURATION", help="How often --send is sent (10ms).")
]
Speak = Annotated[
    str | None,
    typer.Option(
        "--speak",
        metavar="PROTOCOL [...]",
        help="Join by an application's protocol, with its heartbeats (stallsim list); what it needs "
        f"follows its name: 'mqtt TOPIC'. {allowed(APPLICATIONS)}",
    ),
]
Deflate = Annotated[
    bool, typer.Option("--deflate/--no-deflate", help="Offer permessage-deflate, as browsers do.")
]
AllowRemote = Annotated[
    bool,
    typer.Option("--allow-remote", help="Stall a server that is not on this machine. It must be yours."),
]
VerifyTls = Annotated[bool, typer.Option(" /--insecure", help="Trust any certificate.", show_default=False)]
CaFile = Annotated[str | None, typer.Option("--ca", metavar="FILE", help="Trust this authority (PEM).")]
