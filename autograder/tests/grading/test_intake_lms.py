"""What Canvas, Moodle and nbgrader's exchange give: `intake` understands it."""

from pathlib import Path

import pytest

from autograder.grading.intake.take_in import intake
from autograder.tests.grading.handed_in import (
    ACTIVATIONS,
    SOFTMAX,
    A,
    S,
    archive,
    notebook,
    path_of,
    taken,
    there,
    tree,
    whys,
    zipped,
)


class TestCanvas:
    def test_the_archive_of_download_submissions(self, tmp_path: Path, group: Path) -> None:
        late, again = notebook(SOFTMAX, "late"), notebook(SOFTMAX, "again")
        path = archive(
            tmp_path / "submissions.zip",
            {
                "lovelaceada_12345_67890_04-softmax.ipynb": S,
                "lovelaceada_12345_67899_picture.png": b"png",
                "bakerbob_LATE_12346_67891_my homework.ipynb": late,
                "de_la_cruzeve_12347_67892_Untitled.ipynb": S,
                "de_la_cruzeve_12347_67893_Untitled-1.ipynb": again,
                "mülleränne_12348_9_x_1_2_y.ipynb": S,
                "कमला_12351_10_x.ipynb": S,
                "typist_12349_text.html": b"<p>here",
                "linker_LATE_12350_link.html": b"<p>here",
            },
        )
        report = intake(group, [path])
        assert there(group) == {
            path_of("lovelaceada_12345"): S,
            "lovelaceada_12345/04-softmax/picture.png": b"png",
            path_of("bakerbob_12346"): late,
            path_of("de_la_cruzeve_12347"): again,
            path_of("mülleränne_12348"): S,
            path_of("कमला_12351"): S,
        }
        notes = {each.student: each.notes for each in report.taken}
        assert notes["bakerbob_12346"] == ("late",)
        assert notes["de_la_cruzeve_12347"] == ("not de_la_cruzeve_12347_67892_Untitled.ipynb",)
        assert whys(report) == ["it was typed into Canvas: no notebook was handed in"] * 2

    def test_anonymous(self, tmp_path: Path, group: Path) -> None:
        files = {"anon_x7Yz1_55_a.ipynb": S, "LATE_anon_b2c3D_56_a.ipynb": S}
        report = intake(group, [archive(tmp_path / "s.zip", files)])
        assert taken(report) == [("anon_b2c3D", SOFTMAX, "new"), ("anon_x7Yz1", SOFTMAX, "new")]
        assert report.taken[0].notes == ("late",)

    def test_a_students_own_archive_is_opened_and_one_in_that_is_not(
        self, tmp_path: Path, group: Path
    ) -> None:
        inner = zipped({"hw/04-softmax.ipynb": S, "hw/x.csv": b"1", "hw/deeper.zip": zipped({"y": b""})})
        report = intake(
            group, [archive(tmp_path / "s.zip", {"adal_1_2_hw.zip": inner, "bob_3_4_x.ipynb": S})]
        )
        assert there(group) == {path_of("adal_1"): S, "adal_1/04-softmax/x.csv": b"1", path_of("bob_3"): S}
        assert whys(report) == ["it is an archive inside an archive inside an archive"]

    def test_nobody_passes_for_another_by_a_name_inside(self, tmp_path: Path, group: Path) -> None:
        files = {"adal_1_2_bob_3_4_x.ipynb": S, "eve_5_6_hw.zip": zipped({"bob_3_4_04-softmax.ipynb": S})}
        report = intake(group, [archive(tmp_path / "s.zip", files)])
        assert [each.student for each in report.taken] == ["adal_1", "eve_5"]

    def test_a_time_in_it_is_the_students_word_and_does_not_count(self, tmp_path: Path, group: Path) -> None:
        files = {"adal_1_2_hw.zip": zipped({"x.ipynb": S, "timestamp.txt": b"2001-01-01 00:00:00 UTC"})}
        intake(group, [archive(tmp_path / "s.zip", files)])
        assert there(group) == {path_of("adal_1"): S}

    def test_unpacked_by_hand_it_is_the_same(self, tmp_path: Path, group: Path) -> None:
        files = {"adal_1_2_a.ipynb": S, "bob_3_4_hw.zip": zipped({"x.ipynb": S}), "notes.txt": b""}
        report = intake(group, [tree(tmp_path / "in", files)])
        assert sorted(there(group)) == [path_of("adal_1"), path_of("bob_3")]
        assert whys(report) == [
            "unlike most here it has not a name that Canvas gives (NAME_NUMBER_NUMBER_FILE)"
        ]


class TestMoodle:
    @pytest.mark.parametrize(
        "form", ["{}_assignsubmission_file_/{}", "{}_assignsubmission_file/{}", "{}_assignsubmission_file_{}"]
    )
    def test_the_archive_of_all_submissions(self, form: str, tmp_path: Path, group: Path) -> None:
        files = {
            form.format("Ada King Lovelace_1234567", "homework.ipynb"): S,
            form.format("Ünal Çelik_1234568", "04-softmax.ipynb"): S,
            form.format("Bob O'Brien_1234569", "03.ipynb"): A,
            "Typist_1234570_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
        }
        report = intake(group, [archive(tmp_path / "COURSE-HW-77.zip", files)])
        assert there(group) == {
            path_of("Ada_King_Lovelace"): S,
            path_of("Ünal_Çelik"): S,
            path_of("Bob_O_Brien", ACTIVATIONS): A,
        }
        assert report.renamed["Bob O'Brien"] == "Bob_O_Brien"
        assert whys(report) == ["it was typed into Moodle: no notebook was handed in"]

    def test_namesakes_are_asked_about_and_participants_keep_their_numbers(
        self, tmp_path: Path, group: Path
    ) -> None:
        names = ["Ada Lee_1", "Ada Lee_2", "Bob_3", "Participant_4"]
        source = archive(tmp_path / "m.zip", {f"{name}_assignsubmission_file_/x.ipynb": S for name in names})
        report = intake(group, [source])
        assert sorted(there(group)) == [path_of(each) for each in ("Bob", "Participant_4")]
        assert len(report.problems) == 2
        assert "several people here are called Ada Lee" in whys(report)[0]
        assert "--as 'Ada Lee_1=STUDENT'" in whys(report)[0]
        assert not intake(group, [source], who={"Ada Lee_1": "ada1", "Ada Lee_2": "ada2"}).problems
        assert path_of("ada1") in there(group)
        assert path_of("ada2") in there(group)

    def test_a_folder_inside_a_submission(self, tmp_path: Path, group: Path) -> None:
        files = {
            "Ada_1_assignsubmission_file_/work/04-softmax.ipynb": S,
            "Ada_1_assignsubmission_file_/work/data/x.csv": b"1",
            "Ada_1_assignsubmission_file_/work/timestamp.txt": b"2001-01-01 00:00:00 UTC",
        }
        intake(group, [archive(tmp_path / "m.zip", files)])
        assert there(group) == {path_of("Ada"): S, "Ada/04-softmax/data/x.csv": b"1"}


class TestExchange:
    def test_the_newest_of_each_student(self, tmp_path: Path, group: Path) -> None:
        first, last = notebook(SOFTMAX, "first"), notebook(SOFTMAX, "last")
        times = ["2024-01-31 23:59:59.123456 UTC", "2024-02-01 00:00:10.000001 UTC"]
        files = {
            f"inbound/ada+04-softmax+{times[1]}+cmFuZG9t/04-softmax.ipynb": last,
            f"inbound/ada+04-softmax+{times[1]}+cmFuZG9t/timestamp.txt": times[1].encode(),
            f"inbound/ada+04-softmax+{times[1]}+cmFuZG9t/submission_secret.txt": b"secret",
            f"inbound/ada+04-softmax+{times[0]}+x-_9/04-softmax.ipynb": first,
            f"inbound/ada+04-softmax+{times[0]}+x-_9/only-then.csv": b"",
            f"inbound/bob+03-activations+{times[0]}/03-activations.ipynb": A,
            f"inbound/a+b+04-softmax+{times[0]}/04-softmax.ipynb": S,
            f"inbound/eve+99-other+{times[0]}/x.ipynb": S,
            "outbound/04-softmax/04-softmax.ipynb": S,
        }
        report = intake(group, [tree(tmp_path / "course", files)])
        assert there(group) == {
            path_of("ada"): last,
            "ada/04-softmax/timestamp.txt": times[1].encode(),
            path_of("bob", ACTIVATIONS): A,
            "bob/03-activations/timestamp.txt": times[0].encode(),
            path_of("a_b"): S,
            "a_b/04-softmax/timestamp.txt": times[0].encode(),
        }
        assert report.renamed == {"a+b": "a_b"}
        assert whys(report) == ["there is no lesson '99-other'"]

    def test_an_older_one_does_not_go_before_a_newer(self, tmp_path: Path, group: Path) -> None:
        for day, outcome in ((2, "new"), (1, "not taken: what is there is newer"), (3, "new; ")):
            name = f"ada+04-softmax+2024-01-0{day} 00:00:00.000000 UTC/04-softmax.ipynb"
            [found] = intake(group, [tree(tmp_path / f"in{day}", {name: notebook(SOFTMAX, f"{day}")})]).taken
            assert found.outcome.startswith(outcome)
        assert there(group)[path_of("ada")] == notebook(SOFTMAX, "3")
        assert list(there(group, "submitted_before").values())[0] == notebook(SOFTMAX, "2")
