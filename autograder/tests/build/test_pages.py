"""The pages are true where a machine can tell: their links, commands, options, points and paths."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from autograder import bank, course
from autograder.cli import app

PAGES = (
    "README.md",
    "lessons/README.md",
    "lessons/notation.md",
    "autograder/README.md",
    "autograder/site/README.md",
    "autograder/grading/README.md",
    "autograder/hub/README.md",
    "autograder/bench/README.md",
)
GROUP = typer.main.get_group(app)
CONTEXT = typer.Context(GROUP)
# Their options are handed on to another program.
PASSES_ON = {"lab", "test", "hub"}


def text_of(page: str) -> str:
    return (course.ROOT / page).read_text(encoding="utf-8")


def commands(text: str) -> Iterator[list[str]]:
    """What stands behind `python3 -m autograder`, in a block or in a sentence."""
    for line in re.findall(r"python3 -m autograder ([^`\n]+)", text):
        yield shlex.split(line.split("#")[0].strip(), posix=True)


def test_every_page_of_the_project_is_looked_at() -> None:
    listed = {str(path.relative_to(course.ROOT)) for path in course.ROOT.glob("autograder/**/README.md")}
    assert {page for page in listed if "vendor" not in page} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_what_it_links_to_is_there(page: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", text_of(page)):
        if not link.startswith("http"):
            assert ((course.ROOT / page).parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_it_names_is_there(page: str) -> None:
    for name, *words in commands(text_of(page)):
        command = GROUP.get_command(CONTEXT, name)
        assert command is not None, name
        options = {option for parameter in command.params for option in parameter.opts}
        if name not in PASSES_ON:
            assert {word.split("=")[0] for word in words if word.startswith("--")} <= options, (name, words)


def test_every_command_is_named() -> None:
    named = {command[0] for page in PAGES for command in commands(text_of(page))}
    assert named == set(GROUP.list_commands(CONTEXT))


def test_every_bench_is_there() -> None:
    for name in re.findall(r"-m (autograder\.bench\.\w+)", text_of("autograder/bench/README.md")):
        assert importlib.util.find_spec(name), name


def test_the_students_page_needs_nothing_that_a_release_has_not() -> None:
    assert not [
        link for link in re.findall(r"\]\(([^)]+)\)", text_of("lessons/README.md")) if link.startswith("..")
    ]


@pytest.mark.parametrize("page", ["README.md", "lessons/README.md"])
def test_the_points_of_each_lesson(page: str) -> None:
    for lesson in course.LESSONS:
        points = sum(exercise.points for exercise in bank.of_lesson(lesson.name))
        line = next(
            line for line in text_of(page).splitlines() if f"{lesson.name}/{lesson.name}.ipynb)" in line
        )
        assert f"| {points:g} + 2 |" in line


def test_the_map_names_what_is_there() -> None:
    text = text_of("autograder/README.md")
    block = text.split("## The rooms")[1].split("```")[1]
    for line in block.strip().splitlines():
        name = line.split()[0]
        assert (course.ROOT / name).exists() or (course.ROOT / "autograder" / name).exists(), name


def test_where_to_look_is_where_it_is() -> None:
    table = text_of("autograder/README.md").split("## Where to look")[1].split("## ")[0]
    places = [place for row in table.splitlines() for place in re.findall(r"`([^`]+)`", row)]
    assert len(places) > 12
    for place in places:
        pattern = place.replace("lesson_NN_name", "lesson_04_softmax").replace("EXERCISE", "softmax_jacobian")
        path: Path = course.ROOT / "autograder" / pattern.replace("NN-name", "04-softmax")
        assert path.exists(), place


def test_the_first_page_is_read_in_three_minutes() -> None:
    prose = re.sub(
        r"```.*?```|^\|.*$|!\[[^\]]*\]\([^)]*\)", "", text_of("README.md"), flags=re.DOTALL | re.MULTILINE
    )
    assert len(prose.split()) < 3 * 200
