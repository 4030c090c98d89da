"""The picture of `progress()`: a bar for each lesson, in it a field for each exercise, filled as far as it is right."""

from autograder.kit.explore.parts.colours import BLUE, CARD, FAINT, INK, SHADE
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.svg import Pen, Svg
from autograder.kit.progress.overview import Bar, Overview, Standing

WIDTH, LEFT, RIGHT = 720, 20, 700
TOP, ROW, HEIGHT = 56, 50, 16


def picture(seen: Overview) -> Picture:
    """The overview drawn, with alt text that says the same, and its table."""
    lines = Svg(WIDTH, 100).wrapped(LEFT, seen.sentences[1:])
    end = TOP + ROW * len(seen.bars)
    svg = Svg(WIDTH, end + 19 * len(lines) + 14)
    head, _, total = seen.sentences[0].partition(": ")
    svg.text(LEFT, 30, head, 16, bold=True)
    svg.text(RIGHT, 30, total.removesuffix("."), 13, "end")
    for row, bar in enumerate(seen.bars):
        _draw(svg, TOP + ROW * row, bar, seen.next)
    svg.paragraphs(LEFT, end + 14, seen.sentences[1:])
    return Picture(svg, seen.text, seen.rows)


def _draw(svg: Svg, top: float, bar: Bar, following: Standing | None) -> None:
    name = bar.name if bar.title == bar.name else f"{bar.name}: {bar.title}"
    svg.text(LEFT, top + 12, name)
    svg.text(RIGHT, top + 12, f"{bar.earned:g} of {bar.points:g}", 13, "end", bold=True)
    left, each_point = float(LEFT), (RIGHT - LEFT) / bar.points
    for standing in bar.standings:
        width = standing.points * each_point
        svg.rect(left, top + 19, width - 2, HEIGHT, SHADE, Pen(FAINT))
        if standing.best:
            svg.rect(left, top + 19, (width - 2) * standing.best, HEIGHT, BLUE)
        if standing == following:
            svg.rect(left, top + 19, width - 2, HEIGHT, "none", Pen(INK, 2, "4 4"))
            svg.rect(left + 3, top + 21, 30, HEIGHT - 4, CARD)
            svg.text(left + 5, top + 31, "next", 12)
        left += width
