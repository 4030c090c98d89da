"""Which column of an LMS's gradebook a lesson's points go to."""

import re
from collections.abc import Mapping, Sequence

from autograder import course
from autograder.grading.errors import ExportError

# Words that say nothing about which lesson it is.
COMMON = frozenset(["a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to", "with"])


def column_of(
    header: Sequence[str], titles: Mapping[int, str], lesson: str, told: str | None
) -> tuple[int | None, str]:
    """The place of a lesson's column and a remark on how it was found, if there is one to make; None if there is none.

    `titles` are the assignments' titles by their place in `header`. `told` is what --map says. Else a column has the
    lesson's name or title in its own, or its number alone: then that is said. Of several that fit as well an
    ExportError asks for --map.
    """
    if told is not None:
        return _told(header, titles, lesson, told), ""
    title = next((each.title for each in course.LESSONS if each.name == lesson), lesson)
    wanted = [f"-{_plain(text)}-" for text in (lesson, title)]
    named = [place for place, text in titles.items() if any(each in f"-{_plain(text)}-" for each in wanted)]
    if len(named) == 1:
        return named[0], ""
    numbered = [place for place, text in titles.items() if _number(lesson) in _numbers(text)]
    alike = [place for place in numbered if _words(titles[place]) & _words(f"{lesson} {title}")]
    left = named or alike or numbered
    if len(left) > 1:
        both = " and ".join(header[place] for place in left)
        raise ExportError(
            f"the template has several columns for {lesson}: {both}; say which, with --map '{lesson}=COLUMN'"
        )
    if not left:
        return None, ""
    return left[
        0
    ], f"{lesson} goes to {header[left[0]]!r}, found by its number; --map '{lesson}=COLUMN' says otherwise"


def _told(header: Sequence[str], titles: Mapping[int, str], lesson: str, told: str) -> int:
    places = [
        place
        for place, name in enumerate(header)
        if told.strip() in (name.strip(), titles.get(place, "").strip())
    ]
    if len(places) != 1:
        there = ", ".join(header[place] for place in titles) or "none"
        how = "several columns" if places else "no column"
        raise ExportError(
            f"the template has {how} called {told!r} for {lesson}; its assignments are: {there}"
        )
    return places[0]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def _number(lesson: str) -> int | None:
    found = re.match(r"\d+", lesson)
    return int(found[0]) if found else None


def _numbers(text: str) -> set[int | None]:
    return {int(each) for each in re.findall(r"\d+", text)}


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[^\W\d_]+", text.casefold())} - COMMON
