"""What every command writes to: two consoles, and one sentence where it ends."""

from typing import NoReturn

import typer
from rich.console import Console

out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def commands() -> typer.Typer:
    """A new set of commands, which a room of the course fills."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Ends the command with one sentence on standard error."""
    err.print(sentence)
    raise typer.Exit(code)


def shown(text: str, console: Console) -> str:
    """Somebody's text with everything escaped that the console cannot print or would obey."""
    kept = (c if c.isprintable() or c in "\n\t\xa0" else repr(c)[1:-1] for c in text)
    return "".join(kept).encode(console.encoding, "backslashreplace").decode(console.encoding)
