"""What an LMS, nbgrader's exchange or a folder gives ends up in the class folder, and nothing is lost on the way."""

import io
import os
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.grading.errors import SourceError
from autograder.grading.intake.layouts import student_id
from autograder.grading.intake.report import tables
from autograder.grading.intake.take_in import intake
from autograder.tests.grading.handed_in import (
    ACTIVATIONS,
    SOFTMAX,
    A,
    S,
    notebook,
    path_of,
    taken,
    there,
    tree,
    whys,
    zipped,
)


class TestFolders:
    @pytest.mark.parametrize(
        "name",
        [
            "ada/04-softmax/04-softmax.ipynb",
            "ada/04-softmax/whatever.ipynb",
            "ada/Untitled1.ipynb",
            "ada/lessons/04-softmax/04-softmax.ipynb",
            "04-softmax/ada/04-softmax.ipynb",
            "04-softmax/ada/x.ipynb",
            "04-softmax/ada.ipynb",
            "04-softmax/ada_04-softmax.ipynb",
            "ada_04-softmax.ipynb",
            "ada-04_Softmax.IPYNB",
            "04 softmax ada.ipynb",
            "ada_04-softmax/x.ipynb",
            "submitted/ada/04-softmax/04-softmax.ipynb",
            "inbound/ada+04-softmax+2024-01-31 23:59:59 UTC/04-softmax.ipynb",
        ],
    )
    def test_every_arrangement(self, name: str, tmp_path: Path, group: Path) -> None:
        report = intake(group, [tree(tmp_path / "in", {name: S})])
        assert taken(report) == [("ada", SOFTMAX, "new")]
        assert whys(report) == []
        assert there(group)[path_of("ada")] == S

    def test_a_single_notebook_is_a_source_too(self, tmp_path: Path, group: Path) -> None:
        tree(tmp_path, {"ada_04-softmax.ipynb": S})
        assert taken(intake(group, [tmp_path / "ada_04-softmax.ipynb"])) == [("ada", SOFTMAX, "new")]

    def test_the_cells_say_the_lesson_whatever_the_name_says(self, tmp_path: Path, group: Path) -> None:
        report = intake(
            group, [tree(tmp_path / "in", {"ada/03-activations.ipynb": S, "ada/04-softmax.ipynb": A})]
        )
        assert there(group) == {path_of("ada"): S, path_of("ada", ACTIVATIONS): A}
        assert whys(report) == []

    @pytest.mark.parametrize("lesson", [None, ACTIVATIONS])
    def test_a_folder_or_a_command_that_contradicts_the_cells_is_told(
        self, lesson: str | None, tmp_path: Path, group: Path
    ) -> None:
        name = "ada/x.ipynb" if lesson else "ada/03-activations/x.ipynb"
        report = intake(group, [tree(tmp_path / "in", {name: S})], lesson)
        assert there(group) == {}
        [why] = whys(report)
        assert SOFTMAX in why
        assert ACTIVATIONS in why

    def test_the_files_beside_a_notebook_come_with_it(self, tmp_path: Path, group: Path) -> None:
        files = {
            "ada/04-softmax/04-softmax.ipynb": S,
            "ada/04-softmax/data/x.csv": b"1,2",
            "ada/04-softmax/.ipynb_checkpoints/04-softmax-checkpoint.ipynb": A,
            "ada/04-softmax/__pycache__/x.pyc": b"",
            "ada/03-activations/03-activations.ipynb": A,
            "ada/03-activations/picture.png": b"png",
        }
        report = intake(group, [tree(tmp_path / "in", files)])
        assert whys(report) == []
        assert there(group) == {
            path_of("ada"): S,
            "ada/04-softmax/data/x.csv": b"1,2",
            path_of("ada", ACTIVATIONS): A,
            "ada/03-activations/picture.png": b"png",
        }

    def test_files_that_could_belong_to_two_lessons_or_none_are_told_once(
        self, tmp_path: Path, group: Path
    ) -> None:
        files = {"ada/a.ipynb": S, "ada/b.ipynb": A, "ada/x.csv": b"", "ada/y.csv": b"", "bob/z.csv": b""}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert sorted(there(group)) == [path_of("ada", ACTIVATIONS), path_of("ada")]
        assert whys(report) == [
            "it lies beside notebooks of several lessons",
            "it lies beside no notebook that was taken in",
        ]
        assert report.problems[0].what == "ada/x.csv (and 1 more by this student)"

    def test_of_two_notebooks_the_one_with_the_lessons_name(self, tmp_path: Path, group: Path) -> None:
        copy = notebook(SOFTMAX, "a copy")
        files = {"ada/04-softmax-Copy1.ipynb": copy, "ada/04-softmax.ipynb": S}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert there(group) == {path_of("ada"): S}
        assert report.taken[0].notes == ("not ada/04-softmax-Copy1.ipynb",)

    def test_of_two_notebooks_that_nothing_sets_apart_none(self, tmp_path: Path, group: Path) -> None:
        files = {"ada/a.ipynb": notebook(SOFTMAX, "a"), "ada/b.ipynb": S, "bob/a.ipynb": S, "bob/b.ipynb": S}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert there(group) == {path_of("bob"): S}
        assert whys(report) == ["it is one of 2 notebooks of 04-softmax by this student: leave one"] * 2

    def test_a_scratch_notebook_does_not_stand_in_the_way(self, tmp_path: Path, group: Path) -> None:
        scratch = nbformat.writes(nbformat.v4.new_notebook()).encode()
        report = intake(
            group, [tree(tmp_path / "in", {"ada/04-softmax/a.ipynb": scratch, "ada/04-softmax/b.ipynb": S})]
        )
        assert there(group) == {path_of("ada"): S}
        assert whys(report) == []

    def test_links_and_devices_are_refused(self, tmp_path: Path, group: Path) -> None:
        secret = tree(tmp_path / "secret", {"x.ipynb": S})
        folder = tree(tmp_path / "in", {"bob/04-softmax/04-softmax.ipynb": S})
        (folder / "ada").mkdir()
        (folder / "ada" / "x.ipynb").symlink_to(secret / "x.ipynb")
        (folder / "eve").symlink_to(secret)
        os.mkfifo(folder / "bob" / "04-softmax" / "pipe")
        report = intake(group, [folder])
        assert there(group) == {path_of("bob"): S}
        assert sorted(whys(report)) == ["it is a link: hand in the file itself"] * 2 + [
            "it is no file: a device or a pipe"
        ]

    def test_nbgraders_own_time_is_kept(self, tmp_path: Path, group: Path) -> None:
        time = b"2024-01-31 23:59:59.123456 UTC\n"
        files = {path_of("ada"): S, "ada/04-softmax/timestamp.txt": time, path_of("bob"): S}
        intake(group, [tree(tmp_path / "in", {**files, "bob/04-softmax/timestamp.txt": b"never"})])
        assert there(group)["ada/04-softmax/timestamp.txt"] == time.strip()
        assert "bob/04-softmax/timestamp.txt" not in there(group)

    def test_a_time_in_a_students_own_archive_does_not_count(self, tmp_path: Path, group: Path) -> None:
        inner = zipped({"x.ipynb": S, "timestamp.txt": b"2001-01-01 00:00:00 UTC"})
        intake(group, [tree(tmp_path / "in", {"ada/hw.zip": inner})])
        assert there(group) == {path_of("ada"): S}

    def test_one_file_named_as_an_lms_does_makes_no_layout(self, tmp_path: Path, group: Path) -> None:
        files = {path_of("ada"): S, path_of("bob"): S, "eve_1_2_x.ipynb": S}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert [each.student for each in report.taken] == ["ada", "bob"]
        assert "nothing says whose it is" in whys(report)[0]

    def test_a_class_folder_is_no_source(self, tmp_path: Path, group: Path) -> None:
        tree(group, {"source/04-softmax/04-softmax.ipynb": S})
        assert "class folder" in whys(intake(group, [group]))[0]
        assert there(group) == {}


class TestUnreadable:
    BROKEN = (b"", b"  \n", b"{", b"\xff\xfe{}", b"[" * 100_000, b"[]", b'{"cells": 3}', b'{"nbformat": 4}')

    @pytest.mark.parametrize("data", BROKEN)
    @pytest.mark.parametrize("name", ["ada/04-softmax.ipynb", "ada/04-softmax/x.ipynb"])
    def test_is_filed_where_its_name_or_folder_says(
        self, data: bytes, name: str, tmp_path: Path, group: Path
    ) -> None:
        report = intake(group, [tree(tmp_path / "in", {name: data})])
        assert there(group) == {path_of("ada"): data}
        assert "it cannot be read" in report.taken[0].notes[0]

    @pytest.mark.parametrize("data", BROKEN)
    def test_is_filed_where_the_command_says_and_else_listed(
        self, data: bytes, tmp_path: Path, group: Path
    ) -> None:
        source = tree(tmp_path / "in", {"ada/x.ipynb": data})
        assert "nothing else says which lesson" in whys(intake(group, [source]))[0]
        assert there(group) == {}
        assert taken(intake(group, [source], SOFTMAX)) == [("ada", SOFTMAX, "new")]

    def test_with_a_name_that_contradicts_its_folder_is_listed(self, tmp_path: Path, group: Path) -> None:
        source = tree(tmp_path / "in", {"ada/04-softmax/03-activations.ipynb": b"{"})
        assert whys(intake(group, [source])) == [
            "it is called 03-activations and was handed in as 04-softmax"
        ]


class TestWhatWasThere:
    def test_is_kept_every_time(self, tmp_path: Path, group: Path) -> None:
        made = [notebook(SOFTMAX, f"{number}") for number in range(4)]
        for number, data in enumerate(made):
            report = intake(
                group, [tree(tmp_path / f"{number}", {path_of("ada"): data, "ada/04-softmax/n": b"1"})]
            )
            assert report.taken[0].outcome.startswith(
                "new; the one before is in submitted_before" if number else "new"
            )
        assert there(group)[path_of("ada")] == made[-1]
        kept = there(group, "submitted_before")
        assert {data for name, data in kept.items() if name.endswith(".ipynb")} == set(made[:-1])
        assert sum(name.endswith("/n") for name in kept) == 3

    def test_stays_when_the_same_comes_again(self, tmp_path: Path, group: Path) -> None:
        source = tree(tmp_path / "in", {path_of("ada"): S, "ada/04-softmax/x.csv": b"1"})
        intake(group, [source])
        before = (group / "submitted" / path_of("ada")).stat()
        assert taken(intake(group, [source, source])) == [("ada", SOFTMAX, "already there")] * 2
        assert (group / "submitted" / path_of("ada")).stat() == before
        assert not (group / "submitted_before").exists()
        assert taken(intake(group, [group / "submitted"])) == [("ada", SOFTMAX, "already there")]

    def test_a_file_more_or_less_is_a_new_submission(self, tmp_path: Path, group: Path) -> None:
        intake(group, [tree(tmp_path / "1", {path_of("ada"): S, "ada/04-softmax/x.csv": b"1"})])
        intake(group, [tree(tmp_path / "2", {path_of("ada"): S})])
        assert there(group) == {path_of("ada"): S}
        assert len(there(group, "submitted_before")) == 2

    def test_a_later_source_goes_before_an_earlier_one(self, tmp_path: Path, group: Path) -> None:
        files = [tree(tmp_path / f"{n}", {path_of("ada"): notebook(SOFTMAX, f"{n}")}) for n in range(2)]
        intake(group, files)
        assert there(group)[path_of("ada")] == notebook(SOFTMAX, "1")

    def test_stays_when_it_is_no_folder_or_cannot_be_read(self, tmp_path: Path, group: Path) -> None:
        elsewhere = tree(tmp_path / "elsewhere", {"mine": b"1"})
        (group / "submitted" / "ada").mkdir(parents=True)
        (group / "submitted" / "ada" / SOFTMAX).symlink_to(elsewhere)
        tree(group, {"submitted/bob": b"a file"})
        source = tree(tmp_path / "in", {path_of("ada"): S, path_of("bob"): S, path_of("eve"): S})
        report = intake(group, [source])
        assert len(report.problems) == 2
        assert taken(report) == [("eve", SOFTMAX, "new")]
        assert there(elsewhere.parent, "elsewhere") == {"mine": b"1"}
        assert (group / "submitted" / "bob").read_bytes() == b"a file"

    def test_nothing_is_written_in_a_dry_run(self, tmp_path: Path, group: Path) -> None:
        tree(group, {f"submitted/{path_of('ada')}": notebook(SOFTMAX, "before")})
        before = {path: path.stat().st_mtime_ns for path in group.rglob("*")}
        source = tree(tmp_path / "in", {path_of("ada"): S, path_of("bob"): S})
        outcomes = [each.outcome for each in intake(group, [source], dry_run=True).taken]
        assert outcomes[0].startswith("new; the one before")
        assert outcomes[1] == "new"
        assert {path: path.stat().st_mtime_ns for path in group.rglob("*")} == before

    def test_no_scratch_folder_is_left(self, tmp_path: Path, group: Path) -> None:
        intake(group, [tree(tmp_path / "in", {path_of("ada"): S})])
        assert [path.name for path in (group / "submitted").iterdir()] == ["ada"]


class TestStudents:
    @pytest.mark.parametrize(
        ("name", "made"),
        [
            ("ada", "ada"),
            ("Ada Lovelace", "Ada_Lovelace"),
            ("a+b", "a_b"),
            ("../../etc", "etc"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("a\nb\x1b[1m", "a_b_1m"),
            ("ada@example.org", "ada@example.org"),
            ("陈 晨", "陈_晨"),
            ("कमला", "कमला"),
            ("..", None),
            ("", None),
            ("+++", None),
            ("x" * 121, None),
            ("a\udcffb", "a_b"),
        ],
    )
    def test_ids(self, name: str, made: str | None) -> None:
        assert student_id(name) == made

    @given(st.text(max_size=150))
    def test_an_id_is_always_a_plain_folder_name(self, name: str) -> None:
        made = student_id(name)
        if made is not None:
            assert Path(made).name == made
            assert not set(made) & set("+*/\\ ")
            assert made[0] not in ".-"
            assert made.isprintable()
            assert student_id(made) == made

    @pytest.mark.parametrize("names", [("a+b", "a_b"), ("Ada", "ada")])
    def test_two_that_would_become_one_are_told(
        self, names: tuple[str, str], tmp_path: Path, group: Path
    ) -> None:
        source = tree(tmp_path / "in", {path_of(names[0]): S, path_of(names[1]): notebook(SOFTMAX, "2")})
        report = intake(group, [source])
        assert len(there(group)) == 1
        assert "would both be student" in whys(report)[0]

    def test_one_that_differs_from_an_earlier_one_in_case_is_told(self, tmp_path: Path, group: Path) -> None:
        intake(group, [tree(tmp_path / "1", {path_of("ada"): S})])
        report = intake(group, [tree(tmp_path / "2", {path_of("ADA"): notebook(SOFTMAX, "2")})])
        assert there(group) == {path_of("ada"): S}
        assert "there is a student ada already" in whys(report)[0]


class TestCommand:
    def run(self, *arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["intake", *map(str, arguments)], env={"COLUMNS": "200"})
        return result.exit_code, result.output

    def test_all_understood(self, tmp_path: Path, group: Path) -> None:
        code, said = self.run(group, tree(tmp_path / "in", {path_of("ada"): S}))
        assert code == 0, said
        assert "ada" in said
        assert "1 new, 1 in all" in said
        assert "Not taken in" not in said

    def test_something_not_understood(self, tmp_path: Path, group: Path) -> None:
        code, said = self.run(group, tree(tmp_path / "in", {path_of("ada"): S, "who.ipynb": S}))
        assert code == 1
        assert "Not taken in" in said
        assert "who.ipynb" in said
        assert (group / "submitted" / path_of("ada")).exists()

    def test_wrong_use(self, tmp_path: Path, group: Path) -> None:
        source = tree(tmp_path / "in", {path_of("ada"): S})
        code, said = self.run(group, source, "--lesson", "99")
        assert (code, "there is no lesson '99'" in said) == (2, True)
        code, said = self.run(tmp_path / "nowhere", source)
        assert (code, "is no class folder" in said) == (2, True)
        assert there(group) == {}

    def test_a_dry_run_says_so(self, tmp_path: Path, group: Path) -> None:
        code, said = self.run(group, tree(tmp_path / "in", {path_of("ada"): S}), "--dry-run")
        assert (code, "nothing was written" in said) == (0, True)
        assert there(group) == {}


def test_names_cannot_colour_the_terminal(tmp_path: Path, group: Path) -> None:
    report = intake(group, [tree(tmp_path / "in", {"ev\x1b[31me/[red]x.ipynb": S, "a\udcff/y.ipynb": b""})])
    console = Console(file=io.StringIO(), width=200, force_terminal=True)
    for table in tables(report):
        console.print(table)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\\x1b[31m" in said
    assert "\x1b[31m" not in said
    assert "[red]x.ipynb" in said


def test_no_class_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no class folder"):
        intake(tmp_path, [])
