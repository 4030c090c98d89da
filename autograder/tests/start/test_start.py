"""`python3 -m autograder`: what it installs, when it does not, and how it says what is wrong.

Each test starts the real module in a small copy of the course, in a folder with a space and an accent in its
name. Nothing comes from the network: a `uv` on PATH, written here, makes a real but empty virtual
environment and only notes what it was asked to install.
"""

import ast
import base64
import errno
import hashlib
import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "__main__.py"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")

CLI = """
import json, os, sys
print(json.dumps({"args": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix,
                  "venv": os.environ["VIRTUAL_ENV"], "path": os.environ["PATH"].split(os.pathsep)[0]}))
sys.exit(int(sys.argv[2]) if sys.argv[1:2] == ["exit"] else 0)
"""

PYPROJECT = """
[project]
name = "autograder"
[project.optional-dependencies]
test = ["pytest==1", "torch-extra==3", "torch==2.13.0"]
"""

# Does what uv or pip would, as far as it shows from outside. MOOD is what it fails with (words*N: the first
# N times) or how long it takes (slow*SECONDS).
INSTALLER = """
import json, os, pathlib, subprocess, sys, time
calls, root, args = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
with calls.open("a") as file:
    file.write(json.dumps(args) + "\\n")
if args[1] == "venv":
    venv = pathlib.Path(args[-1])
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", venv])
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "course.pth").write_text(root, encoding="utf-8")
    (site / "pip").mkdir()
    (site / "pip" / "__main__.py").write_text(
        "import subprocess, sys; sys.exit(subprocess.call(%r + sys.argv[1:]))"
        % [sys.executable, __file__, str(calls), root, "pip"], encoding="utf-8")
else:
    print("Downloading everything", "with a bar" if sys.stdout.isatty() else "", flush=True)
    mood, _, often = os.environ.get("MOOD", "").partition("*")
    before = sum('"install"' in line for line in calls.read_text().splitlines()) - 1
    if mood == "slow":
        time.sleep(float(often))
    elif mood and before < int(often or 99):
        sys.exit(mood)
"""


class Course:
    """A copy of the course, small enough to install at once."""

    def __init__(self, tmp_path):
        self.root = tmp_path / "un été"
        self.elsewhere = tmp_path / "elsewhere"
        self.bin = tmp_path / "bin"
        self.calls_file = tmp_path / "calls"
        self.venv = self.root / ".venv"
        for folder in (self.root / "autograder", self.elsewhere, self.bin):
            folder.mkdir(parents=True)
        shutil.copy(SOURCE, self.root / "autograder")
        (self.root / "autograder" / "__init__.py").touch()
        (self.root / "autograder" / "cli.py").write_text(CLI)
        (self.root / "requirements.txt").write_text("numpy==2\n")
        (self.root / "pyproject.toml").write_text(PYPROJECT)
        (tmp_path / "installer.py").write_text(INSTALLER)
        uv = self.bin / "uv"
        command = [sys.executable, f"{tmp_path}/installer.py", str(self.calls_file), str(self.root), "uv"]
        uv.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        uv.chmod(0o755)

    def popen(self, *args, patch="", mood="", stderr=subprocess.PIPE):
        """`python3 -m autograder ARGS`, with some lines run first on the module `m`."""
        code = f"import sys; sys.path.insert(0, {str(self.root)!r})\n"
        code += f"import autograder.__main__ as m; m.PAUSE = 0\n{patch}\nm.main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *args],
            cwd=self.root,
            env={"PATH": str(self.bin), "MOOD": mood, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )

    def start(self, *args, **how):
        return finish(self.popen(*args, **how))

    def calls(self):
        """What the installer was asked since the last time, as lists of arguments."""
        if not self.calls_file.exists():
            return []
        lines = self.calls_file.read_text().splitlines()
        self.calls_file.unlink()
        return [json.loads(line) for line in lines]

    def wait_for_installer(self):
        deadline = time.monotonic() + 20
        while not (self.calls_file.exists() and '"install"' in self.calls_file.read_text()):
            assert time.monotonic() < deadline, "the installer never started"
            time.sleep(0.01)


class Finished:
    def __init__(self, process, out, err):
        self.code = process.returncode
        self.out, self.err = out, err
        self.last = err.strip().splitlines()[-1] if err.strip() else ""

    @property
    def told(self):
        """What the tool was given."""
        assert self.out, self.err
        return json.loads(self.out)


def finish(process):
    out, err = process.communicate(timeout=60)
    return Finished(process, out, err)


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture
def ready(course):
    """A course whose first start is done."""
    assert course.start("lab").code == 0
    assert course.calls()
    return course


def kinds(calls):
    return ["venv" if call[1] == "venv" else f"{call[0]} install" for call in calls]


# What it does


def test_first_start_makes_venv_installs_and_says_so(course):
    done = course.start("lab")
    make, install = course.calls()
    assert make[:3] == ["uv", "venv", "--seed"]
    assert install == [
        "uv",
        "pip",
        "install",
        "--python",
        str(course.venv / "bin/python"),
        "-r",
        "requirements.txt",
    ]
    assert done.told["prefix"] == str(course.venv)
    assert "Making " in done.err
    assert "Installing " in done.err
    assert "Downloading everything" in done.err  # the installer's own progress
    assert "Downloading everything" in (course.venv / "install.log").read_text()


def test_in_a_terminal_the_installer_has_one_too(course):
    ours, theirs = pty.openpty()
    process = course.popen("lab", stderr=theirs)
    os.close(theirs)
    assert json.loads(process.communicate(timeout=60)[0])["prefix"] == str(course.venv)
    assert b"Downloading everything with a bar" in os.read(ours, 65536)
    os.close(ours)


def test_second_start_installs_nothing_says_nothing_and_is_quick(ready):
    took = []
    for _ in range(3):
        began = time.perf_counter()
        done = ready.start("lab")
        took.append(time.perf_counter() - began)
        assert done.code == 0
        assert done.err == ""
    assert ready.calls() == []
    assert min(took) < 1.0


def test_test_adds_its_extra_and_torch_comes_first_and_by_pip(ready):
    assert ready.start("test").code == 0
    torch, rest = ready.calls()
    assert torch[:2] == ["pip", "install"]
    assert torch[-1] == "torch==2.13.0"
    assert rest[:3] == ["uv", "pip", "install"]
    assert rest[-4:] == ["-r", "requirements.txt", "-e", ".[test]"]
    for command in ("test", "lab"):
        ready.start(command)
        assert ready.calls() == []


def test_help_of_test_needs_no_test_packages(ready):
    assert ready.start("test", "--help").told["args"] == ["test", "--help"]
    assert ready.calls() == []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_pin_is_installed_into_the_same_venv(ready, name):
    with (ready.root / name).open("a") as file:
        file.write("# rich==1\n")
    assert ready.start("lab").code == 0
    assert kinds(ready.calls()) == ["uv install"]
    ready.start("lab")
    assert ready.calls() == []


@pytest.mark.parametrize(
    "args",
    [
        ["lab", "--no-browser", "--port", "8899"],
        ["test", "-k", "softmax"],
        ["--help"],
        [],
        ["check", "é a.py"],
    ],
)
def test_options_pass_through_untouched(ready, args):
    assert ready.start(*args).told["args"] == args


def test_the_callers_folder_stays_and_its_files_shadow_nothing(ready):
    (ready.elsewhere / "json.py").write_text("raise SystemExit('the wrong json')")
    code = f"import sys; sys.path[:1] = [{str(ready.root)!r}]; import autograder.__main__ as m; m.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "a.py"], cwd=ready.elsewhere, capture_output=True
    )
    assert json.loads(done.stdout)["cwd"] == str(ready.elsewhere)


def test_runs_as_a_module(ready):
    done = subprocess.run([sys.executable, "-m", "autograder", "demo"], cwd=ready.root, capture_output=True)
    assert json.loads(done.stdout)["args"] == ["demo"]


def test_exit_code_and_surroundings_are_the_tools(ready):
    done = ready.start("exit", "7")
    assert done.code == 7
    assert done.told["venv"] == str(ready.venv)
    assert done.told["path"] == str(ready.venv / "bin")


def test_with_the_real_venv_and_pip(course):
    """No uv: Python's own venv, and pip, which installs a wheel lying in the folder."""
    (course.bin / "uv").unlink()
    files = {
        "course.pth": str(course.root),
        "course-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: course\nVersion: 1\n",
        "course-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(course.root / "course-1-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{name},sha256={digest},{len(text.encode())}\n"
            wheel.writestr(name, text)
        wheel.writestr("course-1.dist-info/RECORD", record + "course-1.dist-info/RECORD,,\n")
    (course.root / "requirements.txt").write_text("./course-1-py3-none-any.whl\n")
    done = course.start("lab")
    assert done.told["prefix"] == str(course.venv)
    assert "Successfully installed course" in done.err
    assert course.start("lab").err == ""


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
    assert kinds(course.calls()) == ["venv", "uv install"]


def test_an_installer_that_outlives_its_start_keeps_the_lock(course):
    first = course.popen("lab", mood="slow*1.5")
    course.wait_for_installer()
    first.kill()
    killed = time.monotonic()
    second = course.start("lab")
    assert "waiting" in second.err
    assert time.monotonic() - killed > 1.0
    assert second.code == 0


def test_two_starts_at_once_install_once(course):
    first = course.popen("lab", mood="slow*1")
    course.wait_for_installer()
    second = finish(course.popen("lab"))
    assert finish(first).code == second.code == 0
    assert "waiting" in second.err
    assert kinds(course.calls()) == ["venv", "uv install"]


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
    assert kinds(ready.calls()) == ["venv", "uv install"]
    assert not left_over.exists()
    if damage is not moved:  # the stand-in for uv still names the old place
        assert done.told["prefix"] == str(ready.venv)


def test_an_empty_venv_is_filled(ready):
    shutil.rmtree(ready.venv)
    ready.venv.mkdir()
    assert ready.start("lab").code == 0
    assert kinds(ready.calls()) == ["venv", "uv install"]


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


def explained(done, *words):
    """It ended with one sentence of its own that has these words, and no traceback."""
    assert done.code == 1
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.last.startswith("autograder: ")
    for word in words:
        assert word in done.last


def test_python_too_old(course):
    explained(
        course.start("lab", patch="sys.version_info = (3, 10, 13)"), "3.11 or newer", "Python 3.10", "install"
    )
    assert not course.venv.exists()


def test_python_too_old_for_real(course):
    tried = 0
    for name in ("python2.7", "python3.7", "python3.8", "python3.9", "python3.10"):
        command = shutil.which(name)
        if command and subprocess.run([command, "-c", ""], capture_output=True).returncode == 0:
            done = subprocess.run([command, "-m", "autograder", "lab"], cwd=course.root, capture_output=True)
            assert done.returncode == 1
            assert len(done.stderr.splitlines()) == 1
            assert b"needs Python 3.11 or newer" in done.stderr
            tried += 1
    if not tried:
        pytest.skip("no old Python here")


def test_source_is_readable_for_old_pythons_and_imports_only_the_standard_library():
    tree = ast.parse(SOURCE.read_text(encoding="ascii"), feature_version=(3, 7))
    named = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            named.add(node.module.split(".")[0])
        assert not isinstance(node, (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign))
        if isinstance(node, (ast.FunctionDef, ast.arg)):
            assert (getattr(node, "returns", None) or getattr(node, "annotation", None)) is None
    assert "subprocess" in named
    assert named <= sys.stdlib_module_names


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
    assert kinds(course.calls()) == ["venv", "uv install"]  # and it is not tried again
    assert course.start("lab").code == 0
    assert kinds(course.calls()) == ["venv", "uv install"]


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
    assert kinds(calls) == ["venv", "uv install", "pip install", "pip install"]  # pip may know a mirror
    assert course.start("lab").code == 0
    assert kinds(course.calls()) == ["uv install"]


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
    assert kinds(course.calls()) == ["venv", "uv install"]


def test_no_ensurepip(course):
    (course.bin / "uv").unlink()
    explained(course.start("lab", patch="sys.modules['ensurepip'] = None"), "ensurepip", "python3-venv")


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_missing_file(course, name):
    (course.root / name).unlink()
    explained(course.start("lab"), name, str(course.root), "whole copy")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_folder_that_cannot_be_written(course, code):
    patch = f"def mkdir(path): raise OSError({code}, 'no', path)\nm.os.mkdir = mkdir"
    explained(course.start("lab", patch=patch), str(course.venv), "cannot be written")


def test_a_file_in_the_place_of_venv(course):
    course.venv.write_text("mine")
    explained(course.start("lab"), str(course.venv))
    assert course.venv.read_text() == "mine"
