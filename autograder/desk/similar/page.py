"""The page that shows pairs side by side: offline, without a script."""

from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from autograder.desk.similar.fingerprints import runs
from autograder.desk.similar.pairs import Compared, Pair, compare
from autograder.grading.class_folder import ClassFolder
from autograder.grading.run.renew import kept_notebooks
from autograder.grading.submission.beside import write_whole

# So many pairs are shown whole; the others only counted.
MOST = 60


@dataclass(frozen=True)
class ShownPair:
    """A pair with its answers, cell by cell: the cell's name, and both texts with what they share marked."""

    pair: Pair
    cells: list[tuple[str, Markup, Markup]]


def write_similar(group: ClassFolder, lessons: list[str]) -> tuple[Path, list[Pair], int, int]:
    """Writes CLASS/similar/similar.html; its path, the heaviest pairs, how many in all, how many were compared."""
    found: list[ShownPair] = []
    compared = pairs = 0
    for lesson in sorted({lesson for _, lesson in kept_notebooks(group.path, lessons, [])}):
        each = compare(group, lesson)
        compared, pairs = compared + len(each.answers), pairs + len(each.pairs)
        found += [ShownPair(pair, _cells(each, pair)) for pair in each.pairs[:MOST]]
    found.sort(key=lambda each: (-each.pair.weight, each.pair.lesson, each.pair.first))
    path = group.path / "similar" / "similar.html"
    write_whole(path, as_page(found, pairs, compared))
    return path, [each.pair for each in found], pairs, compared


def as_page(found: list[ShownPair], pairs: int, compared: int) -> str:
    """The page of the heaviest pairs."""
    text = Path(__file__).with_name("page.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(text).render(found=found[:MOST], all=pairs, compared=compared)


def _cells(found: Compared, pair: Pair) -> list[tuple[str, Markup, Markup]]:
    """The cells in which the two share something, marked."""
    both = found.rare[pair.first] & found.rare[pair.second]
    first, second = found.answers[pair.first], found.answers[pair.second]
    made = []
    for name, text in first.items():
        left, right = _marked(text, both), _marked(second.get(name, ""), both)
        if "<mark>" in left or "<mark>" in right:
            made.append((name, left, right))
    return made


def _marked(text: str, both: set[int]) -> Markup:
    """A text in which the runs among `both` are marked."""
    covered = bytearray(len(text))
    for run in runs(text):
        if run.what in both:
            covered[run.start : run.end] = b"\1" * (run.end - run.start)
    pieces, start = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or covered[place] != covered[start]:
            piece = escape(text[start:place])
            pieces.append(Markup("<mark>{}</mark>").format(piece) if covered[start] else piece)
            start = place
    return Markup("").join(pieces)
