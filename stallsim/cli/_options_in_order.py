"""A command that keeps the order of its options, since ``--after`` applies to the next ``--hello``."""

from typing import Any

import typer
from typer.core import TyperCommand

_META = "stallsim.options-in-order"
_SPEAK, _SERVE, _FREE_PORT = "--speak", "--serve", "0"


class OptionsInOrder(TyperCommand):
    """Parses like any other command, and stores the order of repeatable options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        args = _name_port(_join_spoken(args))
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_META] = [parameter.name for parameter in order]
        return super().parse_args(ctx, args)


def options_in_order(context: typer.Context, **values: list[str] | None) -> list[tuple[str, str]]:
    """The values of these repeatable options in the given order, each with its parameter's name."""
    waiting = {name: iter(given or ()) for name, given in values.items()}
    return [(name, next(waiting[name])) for name in context.meta[_META] if name in waiting]


def _takes_more(name: str) -> bool:
    """Whether an application's protocol needs an argument after its name. Raises UnknownVariant."""
    from ..probing.speak import SPEAK

    kind = SPEAK.find(name.replace(".", "-"))
    return bool(kind.argument) and kind.argument_needed


def _join_spoken(args: list[str]) -> list[str]:
    """``--speak mqtt TOPIC``: join a protocol's name with the next word if the protocol needs an
    argument.
    """
    if _SPEAK not in args:
        return args
    place = args.index(_SPEAK)
    name = "".join(args[place + 1 : place + 2])
    if " " in name or len(args) <= place + 2 or not _takes_more(name):
        return args
    return [*args[: place + 1], f"{name} {args[place + 2]}", *args[place + 3 :]]


def _name_port(args: list[str]) -> list[str]:
    """``--serve [PORT]``: insert the number of a free port if no number follows."""
    if _SERVE not in args:
        return args
    place = args.index(_SERVE) + 1
    named = place < len(args) and args[place].lstrip("-").isdecimal()
    return args if named else [*args[:place], _FREE_PORT, *args[place:]]
