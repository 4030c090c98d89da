"""Makes what a student wrote or showed harmless for the instructor's browser: it is read as text, never run."""

import html
import re
from typing import Any

import bleach

SHOWN = ("text/plain", "text/html", "image/png", "image/jpeg")
TAGS = frozenset(bleach.ALLOWED_TAGS) | {
    *("br", "caption", "div", "h1", "h2", "h3", "h4", "hr", "p", "pre", "small", "span", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr"),
}
ATTRIBUTES = {"td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"], "*": ["title"]}
# Cleaning takes time that grows with the square of the tags: a table of a few hundred cells is shown, no more.
MOST_TAGS = 600
# What mathematics and links can be made to run, once no entity or blank hides it.
SLY = re.compile(
    r"\\(href|require|html|class|cssid|style|unicode|bbox|mmltoken)|(java|vb)script:|data:text", re.IGNORECASE
)


def is_sly(text: str) -> bool:
    """Whether a text, once its entities are resolved, has a link that runs something."""
    plain = html.unescape(html.unescape(text))
    return bool(SLY.search(plain) or SLY.search(re.sub(r"\s", "", plain)))


def markdown(text: str) -> str:
    """A student's markdown without HTML: a tag is shown as it was typed. One with a sly link is shown whole as text."""
    harmless = re.sub(r"<(?=[A-Za-z/!?])", "< ", text)
    if is_sly(text):
        fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 3)
        return f"{fence}text\n{harmless}\n{fence}"
    return harmless


def outputs(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A cell's outputs with only harmless kinds of data, and HTML without scripts, styles, pictures or forms."""
    return [_piece(piece) for piece in pieces]


def _piece(piece: dict[str, Any]) -> dict[str, Any]:
    if "data" not in piece:
        return piece
    data = {mime: value for mime, value in piece["data"].items() if mime in SHOWN}
    shown = data.pop("text/html", None)
    if shown is not None and shown.count("<") <= MOST_TAGS and not is_sly(shown):
        data["text/html"] = bleach.clean(
            shown, tags=TAGS, attributes=ATTRIBUTES, protocols=["https"], strip=True
        )
    return piece | {"data": data}
