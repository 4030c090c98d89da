"""Pyodide's files: the pinned ones or none, and a sentence for what is wrong with others."""

import hashlib
import json
import urllib.error
from pathlib import Path

import pytest

from autograder.site import engine
from autograder.site.engine import PyodideError, fetch
from autograder.site.wheels import canonical

ORDINARY = {"pyodide.mjs": b"first", "numpy.whl": b"second"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that stand for Pyodide's, pinned as they are."""
    made = tmp_path / "pyodide"
    made.mkdir()
    for name, content in ORDINARY.items():
        (made / name).write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in ORDINARY.items()}
    monkeypatch.setattr(engine, "files", lambda: hashes)
    return made


def test_every_file_is_copied_and_named(folder: Path, tmp_path: Path) -> None:
    assert list(fetch(tmp_path / "there", folder)) == list(ORDINARY)
    assert {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()} == ORDINARY


def test_a_changed_file_is_refused_and_not_kept(folder: Path, tmp_path: Path) -> None:
    (folder / "numpy.whl").write_bytes(b"other")
    with pytest.raises(PyodideError, match=r"numpy\.whl from .* is not the file of Pyodide 0\.27\.7"):
        list(fetch(tmp_path / "there", folder))
    assert not (tmp_path / "there" / "numpy.whl").exists()


def test_another_version_is_called_by_its_number(folder: Path, tmp_path: Path) -> None:
    (folder / "numpy.whl").write_bytes(b"other")
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": {"version": "0.26.0"}}))
    with pytest.raises(PyodideError, match=r"holds Pyodide 0\.26\.0"):
        list(fetch(tmp_path / "there", folder))


def test_a_missing_file_and_a_missing_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "pyodide.mjs").unlink()
    with pytest.raises(PyodideError, match=r"pyodide\.mjs of Pyodide .* could not be read from"):
        list(fetch(tmp_path / "there", folder))
    with pytest.raises(PyodideError, match="there is no folder"):
        list(fetch(tmp_path / "there", tmp_path / "nowhere"))


def test_without_a_network_it_says_what_to_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr("urllib.request.urlopen", away)
    with pytest.raises(PyodideError, match="could not be loaded .*--pyodide FOLDER"):
        list(fetch(tmp_path / "there", None))


def test_the_pins_are_whole() -> None:
    pinned = engine.pins()
    assert set(pinned["core"]) == {"pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"}
    for entry in pinned["packages"].values():
        assert {canonical(name) for name in entry["depends"]} <= pinned["packages"].keys()
    assert all(len(sha) == 64 for sha in engine.files().values())
