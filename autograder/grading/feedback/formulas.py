"""What a student wrote in words, as HTML: formulas drawn by the browser itself, all else as it was typed."""

import re
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markupsafe import Markup, escape

# A formula between dollars, one or two, or TeX's own brackets. A lone dollar is a dollar.
FORMULA = re.compile(
    r"\$\$(?P<block>.+?)\$\$|\\\[(?P<bracket>.+?)\\\]|\\\((?P<round>.+?)\\\)"
    r"|(?<![\\$\w])\$(?!\s)(?P<inline>[^$\n]+?)(?<![\s\\])\$(?![\w$])",
    re.DOTALL,
)
LONGEST = 2_000
ELEMENTS = frozenset(
    ["math", "mrow", "mi", "mo", "mn", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup"]
    + ["msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"]
    + ["menclose"]
)
ATTRIBUTES = frozenset(
    ["display", "stretchy", "fence", "form", "separator", "lspace", "rspace", "accent", "mathvariant"]
    + ["columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "linethickness", "notation"]
    + ["displaystyle", "scriptlevel", "minsize", "maxsize", "symmetric", "largeop", "movablelimits", "width"]
    + ["height", "depth", "voffset"]
)
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def shown(text: str) -> Markup:
    """A text with its formulas as MathML. One that cannot be understood, or is anything but a formula, stays typed."""
    pieces: list[Markup] = []
    end = 0
    for found in FORMULA.finditer(text):
        body = next(part for part in found.groups() if part is not None)
        block = found["block"] is not None or found["bracket"] is not None
        pieces += [escape(text[end : found.start()]), _mathml(body, block) or escape(found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _mathml(body: str, block: bool) -> Markup | None:
    """The formula as MathML that can do nothing but be looked at; None if there is none."""
    if len(body) > LONGEST:
        return None
    try:
        made = convert(body.strip(), display="block" if block else "inline")
        root = ElementTree.fromstring(made)
    except Exception:  # the converter raises errors of many kinds
        return None
    for each in root.iter():
        known = each.tag.removeprefix(NAMESPACE) in ELEMENTS
        if not known or not all(name in ATTRIBUTES for name in each.attrib):
            return None
    return Markup(made)
