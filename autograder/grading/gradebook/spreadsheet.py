"""Text in a table that a spreadsheet opens."""

import re

# What a spreadsheet takes for a formula: at the start, or where one that separates by semicolons starts a cell.
FORMULA = re.compile(r"(^|[;\t])(\s*)([=+\-@＝＋－＠])")
# A number, or the dash for none: both are what they are.
NUMBER = re.compile(r"-?(\d+([.,]\d+)?)?")


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe stands before what would be one."""
    plain = "".join(c if c.isprintable() or c == "\t" else " " for c in text)
    return plain if NUMBER.fullmatch(plain) else FORMULA.sub(r"\1\2'\3", plain)
