"""A small copy of the course in which the real `autograder` starts, with a `uv` that only notes what it is asked.

The folder has a space and an accent in its name. Nothing comes from the network: the `uv` on PATH, written here, makes
a real but empty virtual environment.
"""

import json
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

PACKAGE = Path(__file__).parents[2]


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


def kinds(calls):
    return [
        "venv"
        if call["args"][1] == "venv"
        else " ".join([call["args"][0], *(name for name, _ in call["pins"])])
        for call in calls
    ]


def explained(done, *words):
    """It ended with one sentence of its own that has these words, and no traceback."""
    assert done.code == 1
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.last.startswith("autograder: ")
    for word in words:
        assert word in done.last
