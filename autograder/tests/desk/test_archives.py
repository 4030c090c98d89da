"""The archives in which feedback goes back to Canvas and Moodle have the names that these systems gave."""

import re
import zipfile
from pathlib import Path

import pytest

from autograder.desk.archives import write_archive
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.intake.take_in import intake
from autograder.grading.run.renew import Page
from autograder.tests.grading.handed_in import SOFTMAX, S, tree

LESSON = SOFTMAX


def page(folder: Path, student: str) -> Page:
    path = ClassFolder(folder).page(student, LESSON)
    path.parent.mkdir(parents=True)
    path.write_text(f"page of {student}")
    return Page(student, LESSON, path, "new")


def test_canvas_finds_user_and_upload_by_their_numbers(tmp_path: Path, group: Path) -> None:
    files = {"lovelaceada_12_345_my homework_2.ipynb": S, "bobb_LATE_13_346_04-softmax-1.ipynb": S}
    intake(group, [tree(tmp_path / "in", files)])
    pages = [page(group, name) for name in ("lovelaceada_12", "bobb_13", "by_hand")]
    made = write_archive(ClassFolder(group), "canvas", LESSON, pages, tmp_path / "f.zip")
    with zipfile.ZipFile(tmp_path / "f.zip") as file:
        found = {name: file.read(name).decode() for name in file.namelist()}
    assert found == {
        "lovelaceada_12_345_my homework_2.html": "page of lovelaceada_12",
        "bobb_LATE_13_346_04-softmax-1.html": "page of bobb_13",
    }
    for name in found:  # what Canvas reads: the first two parts that are digits alone
        user, upload = [part for part in name.split("_") if part.isdigit()][:2]
        assert (user, upload) in {("12", "345"), ("13", "346")}
    assert made.missing == [("by_hand", "was not taken in from Canvas's archive of 04-softmax")]


@pytest.mark.parametrize(
    ("handed_in", "sent_back"),
    [
        (
            "Ada B. Lee_7_assignsubmission_file_/x.ipynb",
            "Ada B. Lee_7_assignsubmission_file_/04-softmax-feedback.html",
        ),
        (
            "Ada B. Lee_7_assignsubmission_file_x.ipynb",
            "Ada B. Lee_7_assignsubmission_file_04-softmax-feedback.html",
        ),
    ],
)
def test_moodle_finds_the_participant_by_the_number(
    handed_in: str, sent_back: str, tmp_path: Path, group: Path
) -> None:
    intake(group, [tree(tmp_path / "in", {handed_in: S})])
    write_archive(ClassFolder(group), "moodle", LESSON, [page(group, "Ada_B._Lee")], tmp_path / "f.zip")
    with zipfile.ZipFile(tmp_path / "f.zip") as file:
        assert file.namelist() == [sent_back]
    assert re.fullmatch(r"[^_]+_\d+_assignsubmission_file_/?.+", sent_back)


def test_the_same_pages_make_the_same_archive_and_another_is_kept(tmp_path: Path, group: Path) -> None:
    intake(group, [tree(tmp_path / "in", {"adal_1_2_x.ipynb": S, "bobb_3_4_x.ipynb": S})])
    pages = [page(group, "adal_1")]
    path = tmp_path / "f.zip"
    write_archive(ClassFolder(group), "canvas", LESSON, pages, path)
    first = path.read_bytes()
    assert write_archive(ClassFolder(group), "canvas", LESSON, pages, path).kept is None
    assert path.read_bytes() == first
    made = write_archive(ClassFolder(group), "canvas", LESSON, [*pages, page(group, "bobb_3")], path)
    assert made.kept
    assert made.kept.read_bytes() == first


def test_another_system_is_told(tmp_path: Path, group: Path) -> None:
    with pytest.raises(GradeFault, match="canvas, moodle"):
        write_archive(ClassFolder(group), "blackboard", LESSON, [], tmp_path / "f.zip")
