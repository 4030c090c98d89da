"""A picture in SVG, built line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from autograder.kit.explore.parts.colours import CARD, FAINT, INK, stylesheet
from autograder.kit.explore.parts.grips import Grip
from autograder.kit.explore.parts.words import printable

# A small laptop shows a picture at nine tenths of its size. Nothing in it is set smaller than this.
SMALLEST = 13

# A generous width of one character, in parts of the font size, for deciding where a line breaks.
CHARACTER_WIDTH = 0.56


@dataclass(frozen=True)
class Pen:
    """How a line is drawn: colour, width in pixels, the lengths of its dashes, and how opaque it is."""

    colour: str = INK
    width: float = 1.0
    dash: str = ""
    opacity: float = 1.0

    def attributes(self) -> str:
        """As SVG attributes."""
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        opacity = f' stroke-opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        return f'stroke="{self.colour}" stroke-width="{self.width:g}" stroke-linecap="round"{dash}{opacity}'


class Svg:
    """A drawing of `width` by `height` pixels on a card of its own, so that no page's colour swallows it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []
        # What can be dragged: no part of the drawing itself.
        self.grips: list[Grip] = []

    def text(
        self, x: float, y: float, content: str, size: int = 13, anchor: str = "start", bold: bool = False
    ) -> None:
        """A line of text whose baseline is at y; `anchor` (start, middle, end) says what part of it is at x."""
        weight = ' font-weight="bold"' if bold else ""
        size = max(size, SMALLEST)
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>'
            f"{escape(printable(content))}</text>"
        )

    def paragraphs(self, x: float, y: float, sentences: Iterable[str], size: int = 13) -> None:
        """Sentences under each other from the baseline y, each broken into lines that fit the card."""
        for line in self.wrapped(x, sentences, size):
            self.text(x, y, line, size)
            y += size + 6

    def wrapped(self, x: float, sentences: Iterable[str], size: int = 13) -> list[str]:
        """The lines that `paragraphs` writes."""
        most = int((self.width - 2 * x) / (size * CHARACTER_WIDTH))
        return [line for sentence in sentences for line in _broken(printable(sentence), most)]

    def line(self, x1: float, y1: float, x2: float, y2: float, pen: Pen) -> None:
        """A straight line."""
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {pen.attributes()}/>'
        )

    def polyline(self, points: Iterable[tuple[float, float]], pen: Pen, inside: str = "") -> None:
        """A line through the points; `inside` is the clip it may not leave."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        clip = f' clip-path="url(#{inside})"' if inside else ""
        self._parts.append(f'<polyline points="{path}" fill="none" {pen.attributes()}{clip}/>')

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        pen: Pen | None = None,
        opacity: float = 1.0,
    ) -> None:
        """A rectangle by its upper left corner, filled, with an outline where a pen is given."""
        more = f' fill-opacity="{opacity:.3g}"' if opacity < 1 else ""
        more += " " + pen.attributes() if pen else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{more}/>'
        )

    def dot(self, x: float, y: float, colour: str, radius: float = 6) -> None:
        """A filled dot with a rim of the card's colour."""
        self._parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}" stroke="{CARD}" stroke-width="1.5"/>'
        )

    def ellipse(self, x: float, y: float, wide: float, high: float, pen: Pen, inside: str) -> None:
        """An ellipse around (x, y) by its half width and half height; `inside` is the clip it may not leave."""
        self._parts.append(
            f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{wide:.1f}" ry="{high:.1f}" fill="none" '
            f'{pen.attributes()} clip-path="url(#{inside})"/>'
        )

    def clip(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Names a rectangle that lines may be clipped to."""
        self._parts.append(
            f'<clipPath id="{name}"><rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
            "</clipPath>"
        )

    def render(self) -> str:
        """The whole picture."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        card = (
            f'<rect x="0.5" y="0.5" width="{self.width - 1}" height="{self.height - 1}" rx="8" '
            f'fill="{CARD}" stroke="{FAINT}"/>'
        )
        body = "\n".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{stylesheet()}</style>{card}\n'
            f'<g font-family="Helvetica, Arial, DejaVu Sans, sans-serif" fill="{INK}">\n{body}\n</g></svg>'
        )


def _broken(sentence: str, most: int) -> list[str]:
    """The sentence in lines of at most `most` characters; a word longer than that is cut."""
    lines = [""]
    for word in sentence.split():
        while len(word) > most:
            lines, word = [*lines, word[:most]], word[most:]
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [line for line in lines if line]
