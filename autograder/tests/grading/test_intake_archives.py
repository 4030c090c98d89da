"""Archives as sources of `intake`, and in what a student handed in; sources that are none."""

import os
import tarfile
from pathlib import Path

import pytest

from autograder.grading.intake import sources
from autograder.grading.intake.take_in import intake
from autograder.grading.intake.unpack import ArchiveLimits
from autograder.tests.grading.handed_in import SOFTMAX, S, archive, path_of, taken, there, tree, whys, zipped


class TestArchives:
    def test_a_tar_archive_of_folders(self, tmp_path: Path, group: Path) -> None:
        tree(tmp_path / "hw", {path_of("ada"): S, path_of("bob"): S})
        with tarfile.open(tmp_path / "hw.tar.gz", "w:gz") as file:
            file.add(tmp_path / "hw", "hw")
        assert len(intake(group, [tmp_path / "hw.tar.gz"]).taken) == 2
        assert sorted(there(group)) == [path_of("ada"), path_of("bob")]

    def test_an_archive_a_student(self, tmp_path: Path, group: Path) -> None:
        inner = zipped({"04-softmax.ipynb": S, "x.csv": b"1"})
        files = {"ada.zip": inner, "bob_04-softmax.zip": inner, "eve/hw.zip": inner}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert whys(report) == []
        assert [each for each in there(group) if each.endswith("ipynb")] == [
            path_of(n) for n in ("ada", "bob", "eve")
        ]

    def test_one_hostile_archive_costs_only_its_own_student(self, tmp_path: Path, group: Path) -> None:
        bomb = zipped({f"{number}.txt": b"\0" * 1_000_000 for number in range(60)})
        files = {"ada_1_2_hw.zip": bomb, "bob_3_4_hw.zip": b"no zip", "carl_5_6_x.ipynb": S}
        report = intake(group, [archive(tmp_path / "s.zip", files)])
        assert there(group) == {path_of("carl_5"): S}
        assert "unpacks to more than" in whys(report)[0]
        assert "no archive that can be read" in whys(report)[1]

    def test_all_inner_archives_share_one_limit(
        self, tmp_path: Path, group: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = zipped({"x.ipynb": S, "noise": os.urandom(15_000)})
        monkeypatch.setattr(sources, "LIMITS", ArchiveLimits(total_bytes=3 * len(S) + 3 * 15_000 + 1000))
        files = {f"s{number}/hw.zip": inner for number in range(6)}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert len(report.taken) == 3
        assert all("unpacks to more than" in why for why in whys(report))

    @pytest.mark.parametrize(
        ("name", "data", "why"),
        [
            ("none.zip", None, "no such file"),
            ("x.zip", b"", "0 bytes"),
            ("x.zip", b"hello", "no archive that can be read"),
            ("x.rar", b"hello", "it is no folder"),
            ("x.zip", zipped({"../evil": b""}), "leads out"),
            ("x.zip", zipped({".DS_Store": b""}), "there is nothing in it"),
        ],
    )
    def test_a_source_that_is_none_is_told_and_the_next_is_taken(
        self, name: str, data: bytes | None, why: str, tmp_path: Path, group: Path
    ) -> None:
        if data is not None:
            tree(tmp_path / "bad", {name: data})
        report = intake(group, [tmp_path / "bad" / name, tree(tmp_path / "in", {path_of("ada"): S})])
        assert why in whys(report)[0]
        assert taken(report) == [("ada", SOFTMAX, "new")]

    def test_an_empty_folder(self, tmp_path: Path, group: Path) -> None:
        (tmp_path / "in").mkdir()
        assert whys(intake(group, [tmp_path / "in"])) == ["there is nothing in it"]
