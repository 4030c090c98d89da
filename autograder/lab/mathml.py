"""A formula as MathML that reads as TeX would set it. latex2mathml does the work; here its typography is mended."""

import re
import xml.etree.ElementTree as ET

from latex2mathml.converter import convert

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
PRIMES = frozenset("\u2032\u2033\u2034\u2057")
OPENING = frozenset("([{\u2308\u230a\u27e8")
CLOSING = frozenset(")]}\u2309\u230b\u27e9")
CAPITAL_GREEK = frozenset(map(chr, range(0x391, 0x3AA)))
SIGNS = frozenset("+-\u2212\u00b1")
# Symbols after which a sign belongs to what follows it: relations, arrows, operators, and what separates.
LEAVES_A_SIGN = frozenset(
    "=<>\u2260\u2264\u2265\u2248\u2190\u2192\u21d2\u27f6\u21a6+-\u2212\u00b7\u2299\u00d7,;|:"
)
SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
# An inline formula of more signs than this may be broken, and before what.
LONGEST_UNBROKEN = 24
BREAKS_BEFORE = frozenset("=<>\u2260\u2264\u2265\u2248\u2190\u2192\u21d2\u27f6+-\u2212\u00b7\u2299\u00d7")
THIN = "0.167em"
QQUAD = "2em"
BOX = "border:1px solid;padding:.5em .6em"
# latex2mathml writes a letter of \mathrm as a number, and a letter without a command as itself.
UPRIGHT = re.compile(r"<mi>&#x000([4-7][0-9A-F]);</mi>")


def formula(source: str, display: bool = False) -> str:
    """MathML for a formula in LaTeX, on a line of its own or within one; raises where it cannot be understood."""
    return _written(_read(source, display))


def breakable(source: str) -> str:
    """A formula within a line, which may go on in the next line before a relation or an operator."""
    root = _read(source, display=False)
    row = root[0] if len(root) == 1 and root[0].tag == "mrow" else None
    if row is None or len("".join(root.itertext())) <= LONGEST_UNBROKEN or any(map(_stretches, row)):
        return _written(root)
    pieces: list[list[ET.Element]] = [[]]
    for element in row:
        if (
            element.tag == "mo"
            and element.text in BREAKS_BEFORE
            and element.get("form") is None
            and pieces[-1]
        ):
            element.set("form", "infix")  # at a formula's start it would be taken for a sign
            pieces.append([])
        pieces[-1].append(element)
    return "<wbr>".join(map(_piece, pieces))


def side_by_side(source: str) -> list[str]:
    """A formula on a line of its own as the formulas that stand in it with a `\\qquad` between them."""
    root = _read(source, display=True)
    row = root[0] if len(root) == 1 and root[0].tag == "mrow" else root
    pieces: list[list[ET.Element]] = [[]]
    for element in row:
        if element.tag == "mspace" and element.get("width") == QQUAD:
            pieces.append([])
        else:
            pieces[-1].append(element)
    return [_piece(piece, "block") for piece in pieces]


def _piece(elements: list[ET.Element], display: str = "inline") -> str:
    root, row = ET.Element("math", {"display": display}), ET.Element("mrow")
    row.extend(elements)
    root.append(row)
    return _written(root)


def _stretches(element: ET.Element) -> bool:
    """Whether it is a bracket that grows with what stands beside it, and so must stay with it."""
    return (
        element.tag == "mo"
        and (element.text or "") in OPENING | CLOSING
        and element.get("stretchy") != "false"
    )


def _written(root: ET.Element) -> str:
    root.set("xmlns", NAMESPACE)
    return ET.tostring(root, encoding="unicode")


def _read(source: str, display: bool) -> ET.Element:
    drawn = convert(source.strip(), display="block" if display else "inline")
    root = ET.fromstring(UPRIGHT.sub(r'<mi mathvariant="normal">&#x\1;</mi>', drawn))
    for element in root.iter():
        element.tag = element.tag.partition("}")[2] or element.tag
    for element in root.iter():
        _mend(element)
    for row in [each for each in root.iter() if each.tag in ("mrow", "math", "mtd", "mstyle")]:
        _space_functions(row)
        _bind_signs(row)
    return root


def _mend(element: ET.Element) -> None:
    """Mends an element by itself: primes and names are what they are, and a box is drawn."""
    text = element.text or ""
    if element.tag in ("msup", "msubsup") and (element[-1].text or "") in PRIMES:
        _set_beside(element)
    elif element.tag == "mi" and text and text in CAPITAL_GREEK:
        element.set("mathvariant", "normal")
    elif element.tag == "mo" and len(text) > 1 and text.isalpha():
        element.tag = "mi"
    elif element.tag == "menclose" and element.get("notation") == "box":
        element.tag = "mrow"
        element.attrib.clear()
        element.set("style", BOX)
        for inner in element.iter("mrow"):  # the padding is the box's own
            while len(inner) and inner[0].tag == "mspace":
                del inner[0]
            while len(inner) and inner[-1].tag == "mspace":
                del inner[-1]
    elif element.tag == "mover" and element.get("accent") and len(element) == 2 and element[1].text == "^":
        element[1].text = "\u02c6"


def _set_beside(element: ET.Element) -> None:
    """A prime is drawn raised already: it stands beside its letter, and is no exponent to be made small."""
    *rest, prime = element
    prime.tag = "mo"
    prime.attrib |= {"lspace": "0", "rspace": "0", "form": "postfix"}
    letter = rest[0]
    if len(rest) == 2:
        letter = ET.Element("msub")
        letter.extend(rest)
    element.tag = "mrow"
    element[:] = [letter, prime]


def _core(element: ET.Element) -> ET.Element:
    """What the scripts, primes and accents hang on."""
    while (element.tag in SCRIPTED or _has_prime(element)) and len(element):
        element = element[0]
    return element


def _has_prime(element: ET.Element) -> bool:
    return element.tag == "mrow" and len(element) == 2 and (element[1].text or "") in PRIMES


def _is_function(element: ET.Element) -> bool:
    """A name of more than one letter: log, max, softmax."""
    core = _core(element)
    return core.tag == "mi" and len(core.text or "") > 1 and str(core.text).isalpha()


def _is_mark(element: ET.Element, marks: frozenset[str]) -> bool:
    core = _core(element)
    return core.tag == "mo" and (core.text or "") in marks


def _space_functions(row: ET.Element) -> None:
    """A thin space between a function's name and what stands beside it, except before a bracket."""
    spaced: list[ET.Element] = []
    for element in row:
        before = spaced[-1] if spaced else None
        if before is not None and before.tag != "mspace" and element.tag != "mspace":
            after_name = _is_function(before) and element.tag != "mo"
            before_name = _is_function(element) and (_core(before).tag != "mo" or _is_mark(before, CLOSING))
            if after_name or before_name:
                spaced.append(ET.Element("mspace", {"width": THIN}))
        spaced.append(element)
    row[:] = spaced


def _bind_signs(row: ET.Element) -> None:
    """A minus after a bracket, a comma or a relation is a sign, not a difference."""
    before: ET.Element | None = None
    for element in row:
        if element.tag == "mspace":
            continue
        if element.tag == "mo" and element.text in SIGNS and before is not None:
            sign = _is_mark(before, OPENING | LEAVES_A_SIGN) or _is_function(before)
            if sign:
                element.set("form", "prefix")
        before = element
