"""Whatever goes wrong, in a kernel, on a disk or in the record, costs at most one line of it, and is said."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.kit import hint, progress
from autograder.kit.progress import journal
from autograder.kit.progress.picture import picture
from autograder.tests.kit.recorded import new_kernel, right, row, seen

WRITER = """
import sys
from types import SimpleNamespace
from autograder.kit.progress import journal
for number in range(int(sys.argv[1])):
    journal.keep_check(SimpleNamespace(exercise=sys.argv[2], earned=number, points=10**6))
"""


def writer(count: int, name: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(count), name], stdout=subprocess.PIPE)


def test_kernels_that_write_at_once_lose_nothing(file: Path) -> None:
    names = ["a" * 30, "b" * 300, "c" * 3]
    started = [writer(400, name) for name in names]
    assert [each.wait(60) for each in started] == [0, 0, 0]
    kept = journal.read()
    assert kept.unreadable == 0
    for name in names:
        assert [entry.earned for entry in kept.entries if entry.exercise == name] == list(range(400))


def test_a_kernel_that_is_killed_leaves_what_it_had_written(file: Path) -> None:
    right("softmax")
    for number in range(4):
        process = writer(10**6, f"killed {number}")
        while process.poll() is None and f"killed {number}" not in file.read_text():
            time.sleep(0.01)
        time.sleep(0.01 * number)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        before = journal.read()
        assert before.unreadable <= number + 1
        right("relu")
        after = journal.read()
        assert after.entries[:-1] == before.entries
        assert after.unreadable == before.unreadable
    for number in range(4):
        earned = [entry.earned for entry in after.entries if entry.exercise == f"killed {number}"]
        assert earned == list(range(len(earned)))
    assert seen().total.earned == 7


def test_a_line_cut_short_anywhere_costs_that_line_alone(file: Path) -> None:
    right("softmax")
    right("relu")
    whole = file.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(last, len(whole)):
        file.write_bytes(whole[:cut])
        right("softplus")
        kept = journal.read()
        names = [entry.exercise for entry in kept.entries]
        lost = 0 if cut == len(whole) - 1 else 1  # only the line's end was missing
        assert names == ["softmax", "relu", "softplus"][: 3 - lost] or names == ["softmax", "softplus"]
        assert kept.unreadable == (lost if cut > last else 0)
        assert row("softplus")["best"] == "4"


JUNK = [
    b"{",
    b"\x00" * 40,
    b"\xff\xfe not text",
    b"[]",
    b"3",
    b"null",
    b"[" * 100_000,
    b'{"exercise": "relu", "earned": 3, "points": 3}',
    b'{"time": "yesterday", "exercise": "relu", "earned": 3, "points": 3}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": 7, "earned": 3, "points": 3}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": 4, "points": 3}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": -1, "points": 3}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": NaN, "points": 3}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": 0, "points": 0}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": 1, "points": Infinity}',
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "earned": 1, "points": 1' + b"0" * 400 + b"}",
    b'{"time": "2030-01-01T00:00:00+00:00", "exercise": "relu", "hint": "1"}',
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_a_line_that_makes_no_sense_is_skipped_and_said(
    file: Path, junk: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    right("softmax")
    with open(file, "ab") as out:
        out.write(junk + b"\n")
    right("softplus")
    assert [entry.exercise for entry in journal.read().entries] == ["softmax", "softplus"]
    assert seen().total.earned == 8
    capsys.readouterr()
    progress()
    assert f"1 line of the record could not be read and was left out: {file}" in capsys.readouterr().out
    assert "1 line of the record could not be read" in picture(seen()).alt


def test_a_record_of_another_course_year_is_no_trouble(file: Path) -> None:
    """An exercise that is no more is passed over; one that has other points now keeps its share."""
    file.parent.mkdir()
    day = '{"time": "2020-01-01T00:00:00+00:00", '
    file.write_text(
        day + '"exercise": "gone", "earned": 5, "points": 5}\n'
        + day + '"exercise": "softmax", "earned": 10, "points": 10}\n'
        + day + '"exercise": "relu", "earned": 1, "points": 2}\n'
        + day + '"exercise": "relu", "hint": 99}\n'
    )  # fmt: skip
    assert seen().total.earned == 4 + 1.5
    assert row("relu")["hints read"] == "3"


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root may write anywhere: where the tests run as root, go on as nobody."""
    progress()  # loads what nobody may not be allowed to read
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What two checks and a hint say of progress, after it was made sure that they work."""
    capsys.readouterr()
    right("softmax")
    hint("softmax")
    right("softmax")
    out = capsys.readouterr().out
    assert out.count("softmax: 4 of 4 points") == 2
    assert "Hint 1 of 3" in out
    return [line for line in out.splitlines() if "progress" in line]


def test_in_a_read_only_folder_the_check_works_and_says_so_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ordinary_user: None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv(journal.VARIABLE, str(Path(folder) / "kept"))
        os.chmod(folder, 0o500)
        new_kernel()
        place = Path(folder) / "kept"
        assert said(capsys) == [
            f"Your progress could not be kept ({place}: Permission denied). The check itself is not affected."
        ]
        os.chmod(folder, 0o700)
        progress()
        assert "Your progress: 0 of " in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_on_a_full_disk_the_check_works_and_says_so_once(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.symlink_to("/dev/full")
    (sentence,) = said(capsys)
    assert "No space left on device" in sentence


def test_a_disk_that_fills_up_in_the_middle_of_a_line_costs_that_line_alone(file: Path) -> None:
    resource = pytest.importorskip("resource")
    right("softmax")
    report = journal.Report("relu", "relu(x)", 3, ())  # type: ignore[attr-defined]
    size = file.stat().st_size
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    told: list[str] = []
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, most[1]))
        journal.keep_check(report, say=told.append)
        journal.keep_check(report, say=told.append)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
        signal.signal(signal.SIGXFSZ, before)
    assert file.stat().st_size == size + 20
    assert len(told) == 1
    right("softplus")
    kept = journal.read()
    assert [entry.exercise for entry in kept.entries] == ["softmax", "softplus"]
    assert kept.unreadable == 1


def test_a_file_in_the_folders_place_or_a_folder_in_the_files(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.write_text("something else")
    assert len(said(capsys)) == 1
    file.parent.unlink()
    file.mkdir(parents=True)
    new_kernel()
    assert len(said(capsys)) == 1
    progress()
    assert f"could not be read ({file}: not a regular file)" in capsys.readouterr().out
