"""`python3 -m autograder`: what it installs, when it does not, and how it says what is wrong.

Each test starts the real module in a small copy of the course, in a folder with a space and an accent in its
name. Nothing comes from the network: a `uv` on PATH, written here, makes a real but empty virtual
environment and only notes what it was asked to install.
"""

import ast
import base64
import contextlib
import errno
import hashlib
import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")

CLI = """
import json, os, sys
print(json.dumps({"args": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix,
                  "env": dict(os.environ), "venv": os.environ["VIRTUAL_ENV"],
                  "path": os.environ["PATH"].split(os.pathsep)[0]}))
sys.exit(int(sys.argv[3]) if sys.argv[1:3] == ["check", "exit"] else 0)
"""

PYPROJECT = """
[project]
name = "autograder"
[project.optional-dependencies]
test = ["pytest", "torch==2.13.0"]
"""

LOCK = """\
# A lock of four packages.

# for: fast instructor student test
numpy==2.4.6 \\
    --hash=sha256:aa
# for: fast instructor test
dask==2026.8.0 \\
    --hash=sha256:bb
# for: fast test
pytest==9.2.0 \\
    --hash=sha256:cc
# for: fast instructor student test
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
"""

# Does what uv or pip would, as far as it shows from outside. MOOD is what it fails with (words*N: the first
# N times), how long it takes (slow*SECONDS), or that it installs elsewhere (astray).
INSTALLER = """
import json, os, pathlib, re, subprocess, sys, time
calls, root, args = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
listed = pathlib.Path(args[args.index("-r") + 1]).read_text() if "-r" in args else args[-1]
pins = re.findall(r"^(\\w+)==(\\S+)", listed, re.M) if "install" in args else []
with calls.open("a") as file:
    file.write(json.dumps({"args": args, "pins": pins, "env": dict(os.environ)}) + "\\n")
if args[1] == "venv":
    venv = pathlib.Path(args[-1])
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", venv])
    site = next(venv.glob("lib/python*/site-packages"))
    (site / "pip").mkdir()
    (site / "pip" / "__main__.py").write_text(
        "import subprocess, sys; sys.exit(subprocess.call(%r + sys.argv[1:]))"
        % [sys.executable, __file__, str(calls), str(root), "pip"], encoding="utf-8")
else:
    print("Collecting everything", flush=True)
    mood, _, often = os.environ.get("MOOD", "").partition("*")
    before = sum('"install"' in line for line in calls.read_text().splitlines()) - 1
    if mood == "slow":
        time.sleep(float(often))
    elif mood and mood != "astray" and before < int(often or 99):
        sys.exit(mood)
    print("Installing collected packages: everything", flush=True)
    for name, version in pins if mood != "astray" else []:
        site = next((root / ".venv").glob("lib/python*/site-packages"))
        (site / f"{name}-{version}.dist-info").mkdir(exist_ok=True)
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
        shutil.copy(PACKAGE / "__main__.py", self.root / "autograder")
        shutil.copytree(
            PACKAGE / "start",
            self.root / "autograder" / "start",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        (self.root / "autograder" / "__init__.py").touch()
        (self.root / "autograder" / "cli.py").write_text(CLI)
        (self.root / "requirements.txt").write_text(LOCK)
        (self.root / "pyproject.toml").write_text(PYPROJECT)
        (tmp_path / "installer.py").write_text(INSTALLER)
        uv = self.bin / "uv"
        command = [sys.executable, f"{tmp_path}/installer.py", str(self.calls_file), str(self.root), "uv"]
        uv.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        uv.chmod(0o755)

    def popen(self, *args, patch="", mood="", stderr=subprocess.PIPE, **env):
        """`python3 -m autograder ARGS`, with some lines run first; `m` is the module autograder.start.command."""
        code = f"import sys; sys.path.insert(0, {str(self.root)!r})\n"
        code += f"import autograder.start.command as m; m.PAUSE = 0\n{patch}\n"
        code += "import autograder.__main__; autograder.__main__.main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, *args],
            cwd=self.root,
            env={"PATH": str(self.bin), "MOOD": mood, "LANG": "C.UTF-8"} | env,
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
    return [
        "venv"
        if call["args"][1] == "venv"
        else " ".join([call["args"][0], *(name for name, _ in call["pins"])])
        for call in calls
    ]


# What it does


def test_first_start_makes_venv_installs_what_a_student_needs_and_says_so(course):
    done = course.start("lab")
    make, install = course.calls()
    assert make["args"][:3] == ["uv", "venv", "--seed"]
    assert install["args"][:5] == ["uv", "pip", "install", "--python", str(course.venv / "bin/python")]
    assert {"--require-hashes", "--no-deps"} <= set(install["args"])
    assert install["pins"] == [["numpy", "2.4.6"]]  # nothing for Windows, nothing of the instructor's
    assert done.told["prefix"] == str(course.venv)
    assert "Collecting everything" in (course.venv / "install.log").read_text()


def test_a_line_a_step_and_the_installers_own_words_only_in_the_log(course):
    version = sys.version.split()[0]
    said = [re.sub(r"\d+ s\b", "N s", line) for line in course.start("lab").err.splitlines()]
    assert said == [
        f"autograder: Installing what `student` needs into {course.venv}, with uv.",
        f"autograder: making .venv with Python {version}: N s",
        "autograder: downloading 1 package: N s",
        "autograder: installing 1 package: N s",
        "autograder: Ready after N s.",
    ]


def test_in_a_terminal_a_bar_moves(course):
    ours, theirs = pty.openpty()
    process = course.popen("lab", mood="slow*0.5", stderr=theirs)
    os.close(theirs)
    assert json.loads(process.communicate(timeout=60)[0])["prefix"] == str(course.venv)
    said = b""
    with contextlib.suppress(OSError):  # how Linux says that a terminal's other end is closed
        while piece := os.read(ours, 65536):
            said += piece
    os.close(ours)
    assert b"downloading 1 package [" in said
    assert b"######] 1 of 1," in said
    assert b"\r" in said


def test_second_start_installs_nothing_and_says_nothing(ready):
    done = ready.start("lab")
    assert done.code == 0
    assert done.err == ""
    assert ready.calls() == []


def test_each_command_installs_its_set_when_it_is_first_used(ready):
    assert ready.start("grade", "CLASS").code == 0
    assert kinds(ready.calls()) == ["uv dask"]  # what the student's set has is there already
    for command in ("grade", "build", "lab"):
        assert ready.start(command).code == 0
        assert ready.calls() == []
    assert ready.start("test").code == 0
    assert kinds(ready.calls()) == ["uv pytest", "pip torch"]
    for command in ("test", "grade", "lab"):
        ready.start(command)
        assert ready.calls() == []


def test_the_fast_tests_need_no_torch(ready):
    assert ready.start("test", "--fast").code == 0
    assert kinds(ready.calls()) == ["uv dask pytest"]
    assert ready.start("test").code == 0
    assert kinds(ready.calls()) == ["pip torch"]


def test_the_tests_set_holds_the_others(course):
    assert course.start("test").code == 0
    assert kinds(course.calls()) == ["venv", "uv numpy dask pytest", "pip torch"]
    for command in (["grade"], ["lab"], ["test", "--fast"]):
        assert course.start(*command).code == 0
        assert course.calls() == []


def test_torch_comes_by_pip_whatever_the_tool_and_without_a_hash(ready):
    ready.start("test")
    torch = ready.calls()[-1]["args"]
    assert torch[:2] == ["pip", "install"]
    assert torch[-1] == "torch==2.13.0"
    assert "--require-hashes" not in torch


def test_jupyterlab_on_a_class_folder_needs_the_instructors_set(ready):
    (ready.elsewhere / "nbgrader_config.py").touch()
    assert ready.start("lab", f"--folder={ready.root}").code == 0
    assert ready.calls() == []
    assert ready.start("lab", "--folder", str(ready.elsewhere)).code == 0
    assert kinds(ready.calls()) == ["uv dask"]


def test_setup_takes_the_set_by_name(ready):
    assert ready.start("setup").code == 0
    assert ready.calls() == []
    assert ready.start("setup", "instructor").code == 0
    assert kinds(ready.calls()) == ["uv dask"]


def test_help_of_test_needs_no_test_packages(ready):
    assert ready.start("test", "--help").told["args"] == ["test", "--help"]
    assert ready.calls() == []


def test_a_changed_pin_and_nothing_else_is_installed_into_the_same_venv(ready):
    lock = ready.root / "requirements.txt"
    lock.write_text(LOCK + "# for: fast instructor student test\nrich==15.0.0 \\\n    --hash=sha256:ee\n")
    assert ready.start("lab").code == 0
    assert kinds(ready.calls()) == ["uv rich"]
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
    done = subprocess.run([sys.executable, "-m", "autograder", "check"], cwd=ready.root, capture_output=True)
    assert json.loads(done.stdout)["args"] == ["check"]


def test_exit_code_and_surroundings_are_the_tools(ready):
    done = ready.start("check", "exit", "7")
    assert done.code == 7
    assert done.told["venv"] == str(ready.venv)
    assert done.told["path"] == str(ready.venv / "bin")


def test_a_persons_own_settings_of_python_and_pip_reach_neither_installer_nor_tool(course):
    own = {
        "PYTHONPATH": str(course.elsewhere),
        "PIP_TARGET": "/nowhere",
        "PIP_PREFIX": "/nowhere",
        "PIP_USER": "1",
    }
    done = course.start("lab", **own)
    _, install = course.calls()
    for name in ("PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"):
        assert name not in install["env"]
    assert install["env"]["PIP_USER"] == "0"
    assert "PYTHONPATH" not in done.told["env"]


def test_venvs_own_kernel_comes_before_any_other(ready):
    """Jupyter looks along JUPYTER_PATH first: a kernel python3 that somebody installed there has no course in it."""
    done = ready.start("check", JUPYTER_PATH="/somebody/elses")
    assert done.told["env"]["JUPYTER_PATH"] == f"{ready.venv}/share/jupyter:/somebody/elses"


def test_with_the_real_venv_and_pip_and_its_hashes(course):
    """No uv: Python's own venv, and pip, which installs a wheel lying in a folder; with another hash it does not."""
    (course.bin / "uv").unlink()
    files = {
        "course-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: course\nVersion: 1\n",
        "course-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    wheel_file = course.root / "course-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel_file, "w") as wheel:
        for name, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{name},sha256={digest},{len(text.encode())}\n"
            wheel.writestr(name, text)
        wheel.writestr("course-1.dist-info/RECORD", record + "course-1.dist-info/RECORD,,\n")
    digest = hashlib.sha256(wheel_file.read_bytes()).hexdigest()
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": course.root.as_uri()}

    def lock(hash_of_file):
        entry = f"# for: student\ncourse==1 \\\n    --hash=sha256:{hash_of_file}\n"
        (course.root / "requirements.txt").write_text(entry)

    lock("0" * 64)
    explained(course.start("lab", **offline), "requirements.txt", "another hash")
    lock(digest)
    done = course.start("lab", **offline)
    assert done.told["prefix"] == str(course.venv)
    assert "Successfully installed course" in (course.venv / "install.log").read_text()
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
