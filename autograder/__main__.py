"""`python3 -m autograder ...`: makes .venv, installs the pinned requirements, hands over to autograder.cli.

Standard library only, and syntax that even Python 2.7 can read: an old Python must get as far as the
sentence that says it is too old. What is remembered lies in .venv itself, in files of these names:

    .autograder         this folder was made here and may be emptied; locked while something is installed
    .autograder-whole   where and for which Python it was made. Not there while an installer runs, so
                        that one killed half-way leaves a folder which the next start makes anew
    .autograder-lab     a hash of what is installed; .autograder-test the same with what the tests need
    install.log         what the installer said last
"""
# ruff: noqa: UP010, UP031, UP036
# mypy: allow-untyped-defs

from __future__ import print_function

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

WINDOWS = os.name == "nt"
if not WINDOWS:
    import fcntl
    import pty
    import termios

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(BIN, "python.exe" if WINDOWS else "python")
OURS = os.path.join(VENV, ".autograder")
WHOLE = os.path.join(VENV, ".autograder-whole")
STAMP = {"lab": os.path.join(VENV, ".autograder-lab"), "test": os.path.join(VENV, ".autograder-test")}
LOG = os.path.join(VENV, "install.log")

NEED = {"lab": 1.0, "test": 4.0}  # GB free; .venv comes to 0.6 and 1.7, with the plain CPU build of torch
PAUSE = 3  # seconds before a second try, twice that before a third

FULL = "no space left on device|os error 28|errno 28|enospc|disk quota exceeded|not enough space on the disk"
AWAY = (
    r"\(from versions: none\)|newconnectionerror|connectionerror|failed to establish|connection refused"
    "|connection reset|connection broken|temporary failure in name resolution|name or service not known"
    "|getaddrinfo failed|error sending request|dns error|failed to fetch|network is unreachable|timed out"
    "|network connectivity is disabled|incompleteread|proxyerror|max retries exceeded"
)


class Stop(Exception):
    """One sentence: what is wrong, where, and what to do."""


class Refused(Stop):
    """The installer gave up in good order: it changed nothing, or took it back."""


class Unreachable(Refused):
    """The package index did not answer: trying again may help."""


def main():
    args = sys.argv[1:]
    try:
        check_python()
        want = "test" if args[:1] == ["test"] and "--help" not in args else "lab"
        if not ready(want):
            prepare(want)
    except (Stop, OSError) as error:
        say(error if isinstance(error, Stop) else sentence_of(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Stopped before the installation was complete; the next start does it again.")
        sys.exit(130)
    hand_over(args)


def check_python():
    if sys.version_info[:2] < (3, 11):
        raise Stop(
            "The course needs Python 3.11 or newer, and %s is Python %s: install a newer Python and start "
            "with it, for example: python3.12 -m autograder lab"
            % (sys.executable, ".".join(str(part) for part in sys.version_info[:2]))
        )


def hand_over(args):
    """The same process goes on as autograder.cli in .venv, in the caller's folder.

    PATH is for nbgrader, which calls alembic by its bare name. -P keeps the caller's folder off
    sys.path: a student's own random.py must not take the place of Python's.
    """
    command = [PYTHON, "-P", "-m", "autograder.cli"] + args
    env = dict(os.environ, VIRTUAL_ENV=VENV, PATH=BIN + os.pathsep + os.environ.get("PATH", os.defpath))
    env.pop("PYTHONHOME", None)
    if WINDOWS:
        sys.exit(subprocess.call(command, env=env))
    os.execve(PYTHON, command, env)


# What is there


def ready(want):
    return read(STAMP[want]) == fingerprint() and whole()


def whole():
    """Whether .venv was made to the end, in this place, and its Python still runs and is the same."""
    made = read(WHOLE)
    return bool(made) and made == birth()


def birth():
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        version = subprocess.check_output([PYTHON, "-I", "-S", "-c", ask], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return b""
    return os.fsencode(ROOT) + b"\n" + version


def fingerprint():
    """A hash of all that decides what is installed."""
    sha = hashlib.sha256(read(WHOLE))
    for name in ("requirements.txt", "pyproject.toml"):
        if not os.path.isfile(os.path.join(ROOT, name)):
            raise Stop("%s has no %s: it is not a whole copy of the course; get it again." % (ROOT, name))
        sha.update(b"\0" + read(os.path.join(ROOT, name)))
    return sha.hexdigest().encode()


# Making it so


def prepare(want):
    """Makes or completes .venv, alone: of two starts at once the second waits and finds it done."""
    with claim() as lock:
        if not WINDOWS:
            wait_for(lock)
        if ready(want):
            return
        check_room(want)
        write(LOG, b"")
        began = time.time()
        uv = shutil.which("uv")
        for pause in (PAUSE, 2 * PAUSE, None):
            try:
                install(want, uv, lock)
                break
            except Unreachable:
                if pause is None:
                    raise
            say("The package index did not answer; trying again in %d s." % pause)
            time.sleep(pause)
            if has_ensurepip():
                uv = None  # pip may be configured for a mirror that uv does not know of
        say("Installed in %.0f s." % (time.time() - began))


def claim():
    """The opened file that says .venv is ours. Somebody else's .venv is left alone."""
    if os.path.isdir(VENV):
        names = os.listdir(VENV)
        if names and os.path.basename(OURS) not in names:
            raise Stop(
                "%s was not made by this command and is left as it is: move it away or delete it, "
                "then start again." % VENV
            )
    else:
        os.mkdir(VENV)
    return open(OURS, "ab")


def wait_for(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another start is installing into %s; waiting for it." % VENV)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks


def check_room(want):
    need = NEED[want]
    if whole():
        need -= max([0] + [NEED[name] for name in STAMP if os.path.exists(STAMP[name])])
    free = shutil.disk_usage(VENV).free / 1e9
    if free < need:
        raise Stop(
            "The disk is too full: the installation needs about %.1f GB and %s has %.1f GB free; "
            "make room and start again." % (need, ROOT, free)
        )


def install(want, uv, lock):
    if not whole():
        make_venv(uv, lock)
    made = read(WHOLE)
    hold = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    pins = ["-r", "requirements.txt"] + (["-e", ".[test]"] if want == "test" else [])
    tool = [uv, "pip", "install", "--python", PYTHON] if uv else hold
    say("Installing the pinned requirements of %s with %s." % (want, "uv" if uv else "pip"))
    os.remove(WHOLE)
    try:
        for torch in torch_pins() if want == "test" else []:
            # By pip whatever the tool: its configuration may name an index of builds without CUDA.
            run(hold + [torch], lock)
        run(tool + pins, lock)
    except Refused:
        write(WHOLE, made)
        raise
    write(WHOLE, made)
    for name in ["lab", "test"] if want == "test" else ["lab"]:
        write(STAMP[name], fingerprint())


def make_venv(uv, lock):
    if not uv and not has_ensurepip():
        raise Stop(
            "%s has no module ensurepip, which making .venv needs: install it (on Debian and Ubuntu: "
            "apt install python3-venv) and start again." % sys.executable
        )
    say("Making %s with %s (Python %s)." % (VENV, "uv" if uv else "venv", sys.version.split()[0]))
    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif path not in (OURS, LOG):
            os.remove(path)
    python = getattr(sys, "_base_executable", None) or sys.executable  # ours may be the one just removed
    make = [uv, "venv", "--seed", "--allow-existing", "--python"] if uv else [python, "-m", "venv"]
    run(make + ([python, VENV] if uv else [VENV]), lock)
    write(WHOLE, birth())


def has_ensurepip():
    try:
        import ensurepip
        import venv
    except ImportError:
        return False
    return bool(ensurepip and venv)


def torch_pins():
    import tomllib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        extras = tomllib.load(file)["project"].get("optional-dependencies", {})
    return [pin for pin in extras.get("test", []) if re.match(r"torch\b(?!-)", pin)]


# Running an installer


def run(command, lock):
    """Runs it in ROOT; what it says is shown as it comes, and logged. A failure raises its sentence.

    It gets a terminal of its own when we have one, so that its progress bars stay bars. It inherits the
    lock: should this process be killed, .venv stays locked until the installer, too, is gone.
    """
    terminal = not WINDOWS and sys.stderr.isatty()
    ours, theirs = pty.openpty() if terminal else os.pipe()
    if terminal:
        termios.tcsetwinsize(theirs, termios.tcgetwinsize(2))
    env = dict(os.environ, PYTHONUNBUFFERED="1", PIP_USER="0")
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"):
        env.pop(name, None)
    fds = [] if WINDOWS else [lock.fileno()]
    child = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, pass_fds=fds
    )
    os.close(theirs)
    try:
        said = show(ours)
    except BaseException:
        child.terminate()
        raise
    finally:
        child.wait()
        os.close(ours)
    if child.returncode:
        raise failure(child.returncode, said)


def show(source):
    said = b""
    with open(LOG, "ab", buffering=0) as log:
        while True:
            try:
                piece = os.read(source, 65536)
            except OSError as error:
                if error.errno != errno.EIO:  # how Linux says that a terminal's other end is closed
                    raise
                piece = b""
            if not piece:
                return said
            said += piece
            log.write(piece)
            os.write(2, piece)


def failure(code, said):
    # Colours and the line breaks of a narrow terminal would hide the words that are looked for.
    text = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", said.decode("utf-8", "replace"))
    text = re.sub("[\\s\u2502]+", " ", text).lower()
    if re.search(FULL, text):
        return Stop(sentence_of(OSError(errno.ENOSPC, "")))
    if re.search(AWAY, text):
        return Unreachable(
            "The package index could not be reached: see that this computer is on the network (and of its "
            "proxy, if it has one), then start again; the installer's own words are above and in %s" % LOG
        )
    kind = Refused if code > 0 else Stop
    return kind(
        "The installer failed (exit code %d): see why above or in %s, then start again." % (code, LOG)
    )


# Small things


def sentence_of(error):
    where = error.filename or VENV
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        text = "The disk is full: make room in %s or in the temporary folder %s, and start again."
        return text % (ROOT, tempfile.gettempdir())
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "%s cannot be written: put the course in a folder of your own and start again." % where
    return "%s: %s; put that right, or delete %s, and start again." % (where, error.strerror, VENV)


def say(sentence):
    print("autograder: %s" % sentence, file=sys.stderr)
    sys.stderr.flush()


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main()
