"""The options with which a client joins: what it sends, waits for and answers to be given the stream."""

from pathlib import Path
from typing import Annotated

import typer

from ._names import APPLICATIONS, allowed

_Texts = list[str] | None

Headers = Annotated[
    _Texts,
    typer.Option("--header", "-H", metavar="'NAME: VALUE'", help="A field of the opening handshake."),
]
Cookies = Annotated[_Texts, typer.Option("--cookie", metavar="NAME=VALUE", help="A cookie.")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="STALLSIM_TOKEN",
        help="A bearer token. Every user sees it in ps, so STALLSIM_TOKEN is the better place.",
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="A file whose first line is the bearer token."),
]
Subprotocols = Annotated[_Texts, typer.Option("--subprotocol", help="Offer this subprotocol; repeatable.")]
Hellos = Annotated[
    _Texts,
    typer.Option(
        "--hello",
        metavar="TEXT|@FILE",
        help="Send this message once connected, to subscribe; repeatable. {client} is a value of each "
        "client's own, here, in the URL and in headers.",
    ),
]
HexHellos = Annotated[
    _Texts,
    typer.Option("--hello-hex", metavar="HEX|@FILE", help="The same as --hello, as a binary message."),
]
Afters = Annotated[
    _Texts,
    typer.Option(
        "--after",
        metavar="MATCH",
        help="Send the next --hello only after a message of the server that matches MATCH, which may end "
        "in *.",
    ),
]
Replies = Annotated[
    _Texts,
    typer.Option(
        "--reply",
        metavar="MATCH=TEXT",
        help="Answer a message that matches MATCH with TEXT (an application's heartbeat: --reply 2=3); "
        "MATCH may end in *.",
    ),
]
Sent = Annotated[
    str | None,
    typer.Option(
        "--send",
        metavar="TEXT|@FILE",
        help="Both clients send this again and again, so that the server answers.",
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
        help="Join by an application's protocol, with its heartbeats (stallsim list); its arguments "
        f"follow its name: 'mqtt TOPIC'. {allowed(APPLICATIONS)}",
    ),
]
Deflate = Annotated[
    bool, typer.Option("--deflate/--no-deflate", help="Offer permessage-deflate, as browsers do.")
]
AllowRemote = Annotated[
    bool,
    typer.Option(
        "--allow-remote", help="Stall a server that is not on this machine. The server must be yours."
    ),
]
VerifyTls = Annotated[bool, typer.Option(" /--insecure", help="Trust any certificate.", show_default=False)]
CaFile = Annotated[str | None, typer.Option("--ca", metavar="FILE", help="Trust this authority (PEM).")]
