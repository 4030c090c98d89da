"""`python3 -m autograder` when something is wrong: what it makes again, what it leaves alone, and what it says."""

import ast
import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.tests.start.small_course import (
    PACKAGE,
    explained,
    finish,
    kinds,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")


# What was broken is made again, and what is somebody else's is not touched


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_install_is_done_again_from_the_start(course, how):
    process = course.popen("lab", mood="slow*30")
    course.wait_for_installer()
    os.killpg(process.pid, how)
    done = finish(process)
    if how == signal.SIGINT:
        assert done.code == 130
        assert done.last.startswith("autograder: Stopped ")
        assert "Traceback" not in done.last
    course.calls()
    assert course.start("lab").code == 0
    assert kinds(course.calls()) == ["venv", "uv numpy"]


def test_an_installer_that_outlives_its_start_keeps_the_lock(course):
    first = course.popen("lab", mood="slow*3")
    course.wait_for_installer()
    first.kill()
    first.wait()
    second = course.start("lab")
    assert "waiting" in second.err
    assert second.code == 0


def test_two_starts_at_once_install_once(course):
    first = course.popen("lab", mood="slow*1")
    course.wait_for_installer()
    second = finish(course.popen("lab"))
    assert finish(first).code == second.code == 0
    assert "waiting" in second.err
    assert kinds(course.calls()) == ["venv", "uv numpy"]


def no_python(course):
    (course.venv / "bin/python").unlink()


def dangling_python(course):
    no_python(course)
    (course.venv / "bin/python").symlink_to("/nonexistent/python3")


def another_python(course):
    no_python(course)
    (course.venv / "bin/python").write_text("#!/bin/sh\necho 3.99\n")
    (course.venv / "bin/python").chmod(0o755)


def moved(course):
    course.root = course.root.rename(course.root.with_name("umgezogen"))
    course.venv = course.root / ".venv"


@pytest.mark.parametrize("damage", [no_python, dangling_python, another_python, moved])
def test_a_broken_venv_is_made_again(ready, damage):
    damage(ready)
    left_over = ready.venv / "lib" / "left-over"
    left_over.mkdir(parents=True)
    done = ready.start("lab")
    assert kinds(ready.calls()) == ["venv", "uv numpy"]
    assert not left_over.exists()
    if damage is not moved:  # the stand-in for uv still names the old place
        assert done.told["prefix"] == str(ready.venv)


def test_an_empty_venv_is_filled(ready):
    shutil.rmtree(ready.venv)
    ready.venv.mkdir()
    assert ready.start("lab").code == 0
    assert kinds(ready.calls()) == ["venv", "uv numpy"]


def test_somebody_elses_venv_is_refused_and_left_alone(course):
    course.venv.mkdir()
    (course.venv / "pyvenv.cfg").write_text("home = /usr/bin\n")
    done = course.start("lab")
    assert done.code == 1
    assert "was not made by this command" in done.last
    assert str(course.venv) in done.last
    assert os.listdir(course.venv) == ["pyvenv.cfg"]
    assert course.calls() == []


# It explains itself


def test_python_too_old(course):
    explained(
        course.start("lab", patch="sys.version_info = (3, 10, 13)"), "3.11 or newer", "Python 3.10", "install"
    )
    assert not course.venv.exists()


def test_python_too_old_for_real(course):
    names = [f"python{version}" for version in ("2.7", "3.7", "3.8", "3.9", "3.10")]
    found = [shutil.which(name) for name in names]
    found += [path for name in names for path in sorted(Path.home().glob(f".pyenv/versions/*/bin/{name}"))]
    tried = 0
    for command in filter(None, found):
        if subprocess.run([command, "-c", ""], capture_output=True).returncode == 0:
            done = subprocess.run([command, "-m", "autograder", "lab"], cwd=course.root, capture_output=True)
            assert done.returncode == 1
            assert len(done.stderr.splitlines()) == 1
            assert b"needs Python 3.11 or newer" in done.stderr
            tried += 1
    if not tried:
        pytest.skip("no old Python here")


def test_the_first_file_is_readable_for_old_pythons():
    """The others are imported when the version is known to do."""
    tree = ast.parse((PACKAGE / "__main__.py").read_text(encoding="ascii"), feature_version=(3, 7))
    for node in ast.walk(tree):
        assert not isinstance(node, (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign))
        if isinstance(node, (ast.FunctionDef, ast.arg)):
            assert (getattr(node, "returns", None) or getattr(node, "annotation", None)) is None
    assert not [node for node in tree.body if isinstance(node, ast.ImportFrom)]


def test_a_start_imports_only_the_standard_library():
    for path in (PACKAGE / "__main__.py", PACKAGE / "__init__.py", *(PACKAGE / "start").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names, (
                    path.name
                )
            elif isinstance(node, ast.ImportFrom):
                first = (node.module or "").split(".")
                later = (
                    ["autograder", "start"],
                    ["autograder", "cli"],
                )  # the second where there is nothing to start
                assert first[0] in sys.stdlib_module_names or first[:2] in later, path.name


def test_disk_too_full_is_seen_before_anything_is_installed(course):
    patch = (
        "import collections; m.shutil.disk_usage = lambda path: collections.namedtuple('U', 'free')(0.4e9)"
    )
    explained(
        course.start("lab", patch=patch), "disk is too full", "0.4 GB free", str(course.root), "make room"
    )
    assert course.calls() == []


def test_a_full_disk_does_not_stop_what_is_installed_already(ready):
    patch = "import collections; m.shutil.disk_usage = lambda path: collections.namedtuple('U', 'free')(0)"
    assert ready.start("lab", patch=patch).code == 0


@pytest.mark.parametrize(
    "words",
    [
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "error: Failed to install: x.whl\n  Caused by: failed to copy: No space left\n  │  on device",
    ],
)
def test_disk_full_on_the_way(course, words):
    done = course.start("lab", mood=words)
    explained(done, "disk is full", str(course.root), "make room")
    assert words.splitlines()[0] in done.err  # the installer's own words come first
    assert kinds(course.calls()) == ["venv", "uv numpy"]  # and it is not tried again
    assert course.start("lab").code == 0
    assert kinds(course.calls()) == ["venv", "uv numpy"]


@pytest.mark.parametrize(
    "words",
    [
        "ERROR: Could not find a version that satisfies the requirement rich==15 (from versions: none)",
        "WARNING: Retrying: 'NewConnectionError('[Errno 111] Refused')': /simple/rich/",
        "ERROR: [Errno -3] Temporary failure in name resolution",
        "error: Request failed after 3 retries\n  Caused by: error sending request for url (x)",
        "error: client error (Connect)\n  Caused by: dns error",
        "error: Failed to\n  │ fetch: `x`",
    ],
)
def test_network_away(course, words):
    done = course.start("lab", mood=words)
    explained(done, "index could not be reached", "network", "install.log")
    assert words.splitlines()[0] in done.err
    calls = course.calls()
    assert kinds(calls) == ["venv", "uv numpy", "pip numpy", "pip numpy"]  # pip may know a mirror
    assert course.start("lab").code == 0
    assert kinds(course.calls()) == ["uv numpy"]


def test_network_that_comes_back(course):
    done = course.start("lab", mood="dns error*2")
    assert done.code == 0
    assert done.err.count("trying again") == 2


def test_lab_still_starts_after_test_could_not_be_installed(ready):
    explained(ready.start("test", mood="dns error"), "network")
    ready.calls()
    assert ready.start("lab", mood="dns error").code == 0
    assert ready.calls() == []


def test_installer_that_fails_otherwise(course):
    done = course.start("lab", mood="error: Microsoft Visual C++ is required")
    explained(done, "exit code 1", str(course.venv / "install.log"))
    assert "Visual C++" in done.err
    assert kinds(course.calls()) == ["venv", "uv numpy"]


def test_no_ensurepip(course):
    (course.bin / "uv").unlink()
    explained(course.start("lab", patch="sys.modules['ensurepip'] = None"), "ensurepip", "python3-venv")


def test_no_lock(course):
    (course.root / "requirements.txt").unlink()
    explained(course.start("lab"), "requirements.txt", str(course.root), "whole copy")


def test_a_proxy_that_pip_cannot_use(course):
    words = "ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS support."
    done = course.start("lab", mood=words, ALL_PROXY="socks5://me:secret@127.0.0.1:1")
    explained(done, "SOCKS", "ALL_PROXY", "HTTPS_PROXY")
    assert "secret" not in done.last


def test_an_installer_that_installs_elsewhere(course):
    explained(course.start("lab", mood="astray"), "numpy is not in", "target", "config list")
    assert course.start("lab").code == 0


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_folder_that_cannot_be_written(course, code):
    patch = f"def mkdir(path): raise OSError({code}, 'no', path)\nm.os.mkdir = mkdir"
    explained(course.start("lab", patch=patch), str(course.venv), "cannot be written")


def test_a_file_in_the_place_of_venv(course):
    course.venv.write_text("mine")
    explained(course.start("lab"), str(course.venv))
    assert course.venv.read_text() == "mine"
