"""The README is true where a machine can tell."""

import re

import typer.main

from autograder import bank, course
from autograder.cli import app

TEXT = (course.ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_it_names_is_there_and_every_command_is_named() -> None:
    named = set(re.findall(r"python3 -m autograder (\w+)", TEXT))
    group = typer.main.get_group(app)
    there = set(group.list_commands(typer.Context(group)))
    assert named == there


def test_what_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert len(links) > 3
    for link in links:
        assert (course.ROOT / link).exists(), link


def test_the_points_of_each_lesson() -> None:
    for lesson in course.LESSONS:
        points = sum(exercise.points for exercise in bank.of_lesson(lesson.name))
        line = next(
            line for line in TEXT.splitlines() if f"({lesson.notebook.relative_to(course.ROOT)})" in line
        )
        assert f"| {points:g} + 2 |" in line


def test_the_layout_names_what_is_there() -> None:
    block = TEXT.split("## The layout")[1].split("```")[1]
    for line in block.strip().splitlines():
        for name in line.strip().split("  ")[0].split():
            assert (course.ROOT / name).exists() or (course.ROOT / "autograder" / name).exists(), name
