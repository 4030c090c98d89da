"""What of an answer can be recognised in another: runs of tokens, as written and with the author's names taken out.

A run with the names taken out is still there when somebody renamed the variables; one as written, comments included,
is rarer. Runs of k tokens are the k-grams of Schleimer, Wilkerson and Aiken, Winnowing: local algorithms for document
fingerprinting, 2003; answers are short, so that every one is kept.
"""

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"#[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|\"[^\"\n]*\"|'[^'\n]*'|\.?[^\W\d]\w*|\d[\w.]*|\*\*|//|[-+*/%<>=!]=|[^\w\s]",
    re.DOTALL,
)
# Tokens in a run with names taken out, and in one as written.
PLAIN, WRITTEN = 10, 6
KNOWN = frozenset([*keyword.kwlist, *dir(builtins), "np", "numpy"])


@dataclass(frozen=True)
class TokenRun:
    """A run of tokens in a text: what it is, and where it begins and ends."""

    what: int
    start: int
    end: int


def runs(text: str) -> Iterator[TokenRun]:
    """The runs of a text, whether or not it is Python."""
    found = [(match[0], match.start(), match.end()) for match in TOKEN.finditer(text)]
    code = [(_without_name(token), start, end) for token, start, end in found if token[0] != "#"]
    yield from _of(code, PLAIN)
    yield from _of([(f"={token}", start, end) for token, start, end in found], WRITTEN)


def fingerprints(texts: Iterable[str]) -> set[int]:
    """What the runs of some texts are."""
    return {run.what for text in texts for run in runs(text)}


def _of(tokens: list[tuple[str, int, int]], size: int) -> Iterator[TokenRun]:
    names = [token for token, _, _ in tokens]
    for place in range(len(tokens) - size + 1):
        yield TokenRun(
            hash((size, *names[place : place + size])), tokens[place][1], tokens[place + size - 1][2]
        )


def _without_name(token: str) -> str:
    if token[0] in "\"'":
        return '""'
    return token if token in KNOWN or not (token[0].isalpha() or token[0] == "_") else "x"
