"""Archives from strangers: what is honest comes out whole, and nothing else leaves a trace."""

import gzip
import io
import os
import stat
import struct
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading.errors import UnpackError
from autograder.grading.intake.unpack import ArchiveLimits, Unpacked, is_archive, unpack

ZEROS = b"\0" * 1_000_000


def zip_file(path: Path, entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return path


def tar_file(path: Path, entries: Iterable[tuple[str | tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for name, data in entries:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return path


MAKERS = {"a.zip": zip_file, "a.tar.gz": tar_file, "a.tgz": tar_file}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The folder to unpack into, with neighbours that must stay as they are."""
    folder = tmp_path / "around" / "target"
    folder.mkdir(parents=True)
    (tmp_path / "around" / "neighbour").write_text("mine")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def untouched(target: Path) -> bool:
    return content(target.parent) == {"neighbour": b"mine"}


def only_refused(done: Unpacked) -> str:
    [(_, why)] = done.refused
    return why


@pytest.mark.parametrize("name", MAKERS)
class TestEveryKindOfArchive:
    def test_comes_out_whole(self, name: str, tmp_path: Path, target: Path) -> None:
        files = {"ada/x.ipynb": b"{}", "ada/deep/er/data.csv": os.urandom(200_000), "Ünal Çelik/ß.txt": b""}
        done = unpack(MAKERS[name](tmp_path / name, files.items()), target)
        assert content(target) == files
        assert done.refused == []
        assert sorted(map(str, done.files)) == sorted(files)
        assert done.size == 200_002
        assert is_archive(name)

    @pytest.mark.parametrize(
        "bad",
        [
            "../out",
            "a/../../out",
            "/out",
            "//out",
            "..\\out",
            "a\\..\\..\\out",
            "C:\\out",
            "c:out",
            "\\out",
            "..",
        ],
    )
    def test_a_name_that_leads_out_is_refused(
        self, name: str, bad: str, tmp_path: Path, target: Path
    ) -> None:
        done = unpack(MAKERS[name](tmp_path / name, [(bad, b"evil"), ("good", b"1")]), target)
        assert content(target) == {"good": b"1"}
        assert not (tmp_path / "around" / "out").exists()
        assert only_refused(done) in (
            "its name leads out of the archive's folder",
            "its name is an absolute path",
        )

    def test_backslashes_are_folders(self, name: str, tmp_path: Path, target: Path) -> None:
        unpack(MAKERS[name](tmp_path / name, [("ada\\x.ipynb", b"1"), ("./b//c", b"2")]), target)
        assert content(target) == {"ada/x.ipynb": b"1", "b/c": b"2"}

    def test_litter_is_left_out_without_a_word(self, name: str, tmp_path: Path, target: Path) -> None:
        litter = ["__MACOSX/ada/._x.ipynb", "ada/.DS_Store", ".git/config", "a/.ipynb_checkpoints/x.ipynb"]
        done = unpack(MAKERS[name](tmp_path / name, [(each, b"1") for each in [*litter, "x"]]), target)
        assert content(target) == {"x": b"1"}
        assert done.refused == []

    @pytest.mark.parametrize("twin", ["ADA/X.ipynb", "ada/x.ipynb", "./ada\\x.ipynb"])
    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_the_same_name_but_for_case(self, name: str, twin: str, tmp_path: Path, target: Path) -> None:
        done = unpack(MAKERS[name](tmp_path / name, [("ada/x.ipynb", b"1"), (twin, b"2")]), target)
        assert content(target) == {"ada/x.ipynb": b"1"}
        assert only_refused(done) == "its name stands twice in the archive, but for case"

    @pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a")])
    def test_a_file_that_is_also_a_folder(
        self, name: str, names: tuple[str, str], tmp_path: Path, target: Path
    ) -> None:
        done = unpack(MAKERS[name](tmp_path / name, [(each, b"1") for each in names]), target)
        assert content(target) == {names[0]: b"1"}
        assert "folder" in only_refused(done)

    def test_odd_characters_become_underscores(self, name: str, tmp_path: Path, target: Path) -> None:
        unpack(MAKERS[name](tmp_path / name, [("a\x1b[2J\nb", b"1")]), target)
        assert content(target) == {"a_[2J_b": b"1"}

    @pytest.mark.parametrize("bad", ["x" * 256, "ä" * 128, "/".join("a" * 31)])
    def test_a_name_too_long(self, name: str, bad: str, tmp_path: Path, target: Path) -> None:
        done = unpack(MAKERS[name](tmp_path / name, [(bad, b"1"), ("good", b"1")]), target)
        assert content(target) == {"good": b"1"}
        assert only_refused(done) == "its name is too long"

    def test_one_file_too_large_leaves_the_others(self, name: str, tmp_path: Path, target: Path) -> None:
        files = [("big", os.urandom(3000)), ("good", b"1")]
        done = unpack(MAKERS[name](tmp_path / name, files), target, ArchiveLimits(file_bytes=2000))
        assert content(target) == {"good": b"1"}
        assert only_refused(done) == "it is larger than 0.002 MB"

    def test_too_many_files(self, name: str, tmp_path: Path, target: Path) -> None:
        archive = MAKERS[name](tmp_path / name, [(f"{i}", b"") for i in range(11)])
        with pytest.raises(UnpackError, match="10"):
            unpack(archive, target, ArchiveLimits(files=10))
        assert untouched(target)
        assert len(unpack(archive, target, ArchiveLimits(files=11)).files) == 11

    def test_a_bomb(self, name: str, tmp_path: Path, target: Path) -> None:
        archive = MAKERS[name](tmp_path / name, [(f"{i}", ZEROS) for i in range(200)])
        assert archive.stat().st_size < 300_000
        with pytest.raises(UnpackError, match="unpacks to more than"):
            unpack(archive, target)
        assert untouched(target)

    def test_too_much_in_all(self, name: str, tmp_path: Path, target: Path) -> None:
        archive = MAKERS[name](tmp_path / name, [("a", os.urandom(30_000)), ("b", os.urandom(30_000))])
        with pytest.raises(UnpackError, match="unpacks to more than"):
            unpack(archive, target, ArchiveLimits(total_bytes=50_000))
        assert untouched(target)

    @pytest.mark.parametrize(
        "data", [b"", b"PK", b"PK\3\4" + b"x" * 100, b"\x1f\x8b" + b"x" * 50, b"hello" * 99]
    )
    def test_no_archive_at_all(self, name: str, data: bytes, tmp_path: Path, target: Path) -> None:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnpackError) as caught:
            unpack(tmp_path / name, target)
        assert len(str(caught.value)) < 200
        assert "\n" not in str(caught.value)
        assert untouched(target)

    def test_cut_off(self, name: str, tmp_path: Path, target: Path) -> None:
        whole = MAKERS[name](tmp_path / name, [("a", os.urandom(9000)), ("b", os.urandom(9000))]).read_bytes()
        (tmp_path / name).write_bytes(whole[:-3000])
        with pytest.raises(UnpackError, match="no archive that can be read"):
            unpack(tmp_path / name, target)
        assert untouched(target)

    def test_nothing_in_it(self, name: str, tmp_path: Path, target: Path) -> None:
        with pytest.raises(UnpackError, match="it is empty"):
            unpack(MAKERS[name](tmp_path / name, []), target)

    def test_an_archive_inside_stays_as_it_is(self, name: str, tmp_path: Path, target: Path) -> None:
        inner = zip_file(tmp_path / "inner.zip", [("x", b"1")]).read_bytes()
        unpack(MAKERS[name](tmp_path / name, [("ada.zip", inner)]), target)
        assert content(target) == {"ada.zip": inner}

    def test_a_target_with_something_in_it_is_the_callers_mistake(
        self, name: str, tmp_path: Path, target: Path
    ) -> None:
        (target / "work").write_text("of a person")
        with pytest.raises(ValueError, match="not empty"):
            unpack(MAKERS[name](tmp_path / name, [("x", b"1")]), target)
        assert (target / "work").read_text() == "of a person"

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_whatever_is_wrong_with_the_bytes(
        self, name: str, data: st.DataObject, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        made = MAKERS[name](tmp_path / name, [("a/b", b"123" * 50), ("c", bytes(range(50)))]).read_bytes()
        # Inside the gzip: outside, its checksum would find nearly every change.
        whole = bytearray(made if name == "a.zip" else gzip.decompress(made)[:3000])
        for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
            whole[place] = data.draw(st.integers(0, 255))
        (tmp_path / name).write_bytes(whole if name == "a.zip" else gzip.compress(whole))
        around = tmp_path_factory.mktemp("around")
        (around / "target").mkdir()
        try:
            done = unpack(tmp_path / name, around / "target")
        except UnpackError:
            assert content(around) == {}
        else:
            assert set(content(around)) == {f"target/{path}" for path in done.files}


def test_a_gzip_is_counted_before_it_is_looked_into(tmp_path: Path, target: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(gzip.compress(ZEROS * 60))
    with pytest.raises(UnpackError, match="unpacks to more than"):
        unpack(tmp_path / "a.tgz", target)


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (mode | 0o644) << 16
    return info


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_zip_with_links_or_devices(mode: int, tmp_path: Path, target: Path) -> None:
    archive = zip_file(tmp_path / "a.zip", [(special("link", mode), b"/etc"), ("link/passwd", b"evil")])
    done = unpack(archive, target)
    assert content(target) == {"link/passwd": b"evil"}
    assert not any(path.is_symlink() for path in target.rglob("*"))
    assert only_refused(done) == "it is a link or a device, not a file"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_a_tar_with_links_or_devices(kind: bytes, tmp_path: Path, target: Path) -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = kind, "../neighbour"
    done = unpack(tar_file(tmp_path / "a.tar.gz", [(link, b""), ("link/x", b"evil")]), target)
    assert content(target.parent) == {"neighbour": b"mine", "target/link/x": b"evil"}
    assert only_refused(done) == "it is a link or a device, not a file"


def lying(path: Path, declared: Mapping[str, int], real: bytes) -> Path:
    """A zip whose table of contents says another size than the data has."""
    zip_file(path, [("a", real)])
    whole = bytearray(path.read_bytes())
    for place, field in ((whole.find(b"PK\1\2"), 20), (whole.find(b"PK\3\4"), 18)):
        packed, size = struct.unpack_from("<II", whole, place + field)
        struct.pack_into(
            "<II", whole, place + field, declared.get("packed", packed), declared.get("size", size)
        )
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize(
    "declared", [{"size": 10}, {"size": 4_000_000_000}, {"packed": 5}, {"packed": 4_000_000_000}]
)
def test_a_header_that_lies(declared: dict[str, int], tmp_path: Path, target: Path) -> None:
    archive = lying(tmp_path / "a.zip", declared, ZEROS * 50)
    try:
        done = unpack(archive, target)
    except UnpackError:
        assert untouched(target)
    else:
        assert content(target) in ({}, {"a": ZEROS * 50})
        assert bool(done.refused) != bool(done.files)


def test_entries_that_share_one_stretch_of_data_are_counted_each(tmp_path: Path, target: Path) -> None:
    path = zip_file(tmp_path / "a.zip", [("0000", ZEROS)])
    whole = path.read_bytes()
    start = whole.find(b"PK\1\2")
    entry = whole[start : whole.find(b"PK\5\6")]
    table = b"".join(entry.replace(b"0000", b"%04d" % i) for i in range(3000))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3000, 3000, len(table), start, 0)
    # Each entry has its own header in the file; a reader that does not compare names would take the first for all.
    path.write_bytes(whole[:start] + table + end)
    done = unpack(path, target)
    assert done.size <= 20_000_000 + 100 * path.stat().st_size
    assert len(done.files) == 1


def test_a_hundred_thousand_entries_are_refused_before_any_is_written(tmp_path: Path, target: Path) -> None:
    archive = zip_file(tmp_path / "a.zip", ((f"{i}", b"") for i in range(100_000)))
    start = time.perf_counter()
    with pytest.raises(UnpackError, match="100000 files"):
        unpack(archive, target)
    assert time.perf_counter() - start < 10
    assert untouched(target)


def test_a_table_of_contents_by_the_gigabyte_is_not_read(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "a.zip"
    with open(path, "wb") as file:
        file.truncate(900_000_000)
        file.seek(900_000_000)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 900_000_000, 0, 0))
    tracemalloc.start()
    with pytest.raises(UnpackError, match="table of contents"):
        unpack(path, target)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_long_name_by_the_megabyte_is_not_read(tmp_path: Path, target: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 15_000_000
    with gzip.open(tmp_path / "a.tgz", "wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT) + ZEROS * 15)
    with pytest.raises(UnpackError, match="table of contents"):
        unpack(tmp_path / "a.tgz", target)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_cannot_be_counted_while_they_stream(method: int, tmp_path: Path, target: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("bomb", ZEROS * 100, compress_type=method)
        file.writestr("good", b"1", compress_type=zipfile.ZIP_STORED)
    done = unpack(tmp_path / "a.zip", target)
    assert content(target) == {"good": b"1"}
    assert "packed in a way" in only_refused(done)


def test_encrypted(tmp_path: Path, target: Path) -> None:
    path = zip_file(tmp_path / "a.zip", [("secret", b"1" * 50)])
    whole = bytearray(path.read_bytes())
    whole[whole.find(b"PK\1\2") + 8] |= 1
    whole[whole.find(b"PK\3\4") + 6] |= 1
    path.write_bytes(whole)
    assert only_refused(unpack(path, target)) == "it is encrypted"
    assert untouched(target)


def test_one_broken_entry_leaves_the_others(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("bad", b"A" * 500)
        file.writestr("good", b"B")
    path.write_bytes(path.read_bytes().replace(b"AAAA", b"AAAX", 1))
    done = unpack(path, target)
    assert content(target) == {"good": b"B"}
    assert "cannot be read" in only_refused(done)


def test_thousands_of_refusals_are_told_shortly(tmp_path: Path, target: Path) -> None:
    done = unpack(zip_file(tmp_path / "a.zip", [(f"../{i}", b"") for i in range(1000)]), target)
    assert len(done.refused) == 101
    assert untouched(target)


def test_bytes_that_are_not_utf8_in_a_name(tmp_path: Path, target: Path) -> None:
    name = b"caf\xe9".decode("utf-8", "surrogateescape")
    path = tmp_path / "a.tgz"
    with tarfile.open(path, "w:gz", errors="surrogateescape", format=tarfile.GNU_FORMAT) as file:
        file.addfile(tarfile.TarInfo(name))
    unpack(path, target)
    assert content(target) == {"caf_": b""}
