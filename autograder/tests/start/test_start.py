"""`python3 -m autograder`: what it installs, and when it does not.

Each test starts the real module in a small copy of the course.
"""

import base64
import contextlib
import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import zipfile

import pytest

from autograder.tests.start.small_course import (
    LOCK,
    explained,
    kinds,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")


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
