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


# Renderers take a time that grows with the square of a text's length, of a run of blanks, of a nest's depth.
MOST_TEXT, MOST_CODE, MOST_BLANKS, DEEPEST = 20_000, 50_000, 80, 20
BLANKS = re.compile(rf"[ \t]{{{MOST_BLANKS + 1},}}")
QUOTED = re.compile(r"^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))+", re.MULTILINE)
# A picture that is inside the notebook: an attachment, or written out.
EMBEDDED = re.compile(
    r"!\[[^\[\]\n]{0,300}\]\((?:attachment:[\w .()%-]{1,120}|data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+)\)"
)


def shortened(text: str, most: int, comment: str = "") -> str:
    """The beginning of a text that is longer than what is handed on, with a line that says so."""
    if len(text) <= most:
        return text
    return f"{text[:most]}\n{comment}[The grader cut the rest: {len(text) - most:,} more characters were handed in.]"


def shown(text: str) -> str:
    """Somebody's name or words in a line of ours: what a terminal would obey, or nobody could see, is written out."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def code(text: str) -> str:
    """A student's code, as much as a page may hold."""
    return BLANKS.sub(" " * MOST_BLANKS, shortened(text, MOST_CODE, "# "))


def is_sly(text: str) -> bool:
    """Whether a text, once its entities are resolved, has a link that runs something."""
    plain = html.unescape(html.unescape(text))
    return bool(SLY.search(plain) or SLY.search(re.sub(r"\s", "", plain)))


def markdown(text: str) -> str:
    """A student's markdown without HTML: a tag is shown as it was typed, and a picture that is not in the notebook as a
    link. What has a sly link, is longer than pages can hold or nested deeply is shown as text.
    """
    drawn, text = EMBEDDED.findall(text), EMBEDDED.sub("\0", text.replace("\0", " "))
    plain = len(text) > MOST_TEXT or is_sly(text) or _depth(text) > DEEPEST
    text = BLANKS.sub(" " * MOST_BLANKS, shortened(text, MOST_TEXT))
    harmless = re.sub(r"<(?=[A-Za-z/!?])", "< ", text).replace("![", "! [")
    pictures = iter(drawn)
    harmless = re.sub("\0", lambda _: "(a picture)" if plain else next(pictures), harmless)
    if plain:
        fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 3)
        return f"{fence}text\n{harmless}\n{fence}"
    return harmless


def _depth(text: str) -> int:
    """How deep the deepest quote or list of a markdown text is, by its marks and by what it is moved in."""
    marks = max((len(re.sub(r"[ \t\d]", "", found[0])) for found in QUOTED.finditer(text)), default=0)
    moved = max((len(line) - len(line.lstrip()) for line in text.splitlines()), default=0)
    return max(marks, moved // 4)


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
