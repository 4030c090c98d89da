"""requirements.txt: in step with pyproject.toml, whole, hashed, and read as pip reads it. Nothing asks the network."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import cli, course
from autograder.start import lock, sets
from autograder.start.places import LOCK, Stop

PROJECT = tomllib.loads((course.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
SETS = list(EXTRAS)
ENTRIES = sets.packages(LOCK.read_text(encoding="utf-8"))

# Systems and Pythons that the lock is for.
SYSTEMS = [
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
]
PYTHONS = ["3.11.4", "3.12.1", "3.13.0", "3.14.2"]


def asked(extra: str) -> list[Requirement]:
    """What is asked for by name in a set, the sets within it included."""
    found = [Requirement(text) for text in (*PROJECT["dependencies"], *EXTRAS[extra])]
    inner = [name for each in found if each.name == "autograder" for name in each.extras]
    return [each for each in found if each.name not in ("autograder", "torch")] + [
        each for name in inner for each in asked(name)
    ]


def locked(extra: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    """Name and version of what a set installs on a system."""
    return {
        canonicalize_name(each.name): each.version
        for each in ENTRIES
        if extra in each.sets
        and Requirement(pin_of(each)).marker is None
        or extra in each.sets
        and Requirement(pin_of(each)).marker.evaluate(environment)  # type: ignore[union-attr]
    }


def pin_of(each: sets.Package) -> str:
    return f"{each.name}=={each.version}" + (f" ; {each.marker}" if each.marker else "")


def here(system: dict[str, str], python: str) -> dict[str, str]:
    short = ".".join(python.split(".")[:2])
    return {**default_environment(), **system, "python_version": short, "python_full_version": python}  # type: ignore[dict-item]


def test_the_file_was_read_whole() -> None:
    pins = re.findall(r"^\S+==\S+", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert [f"{each.name}=={each.version}" for each in ENTRIES] == pins
    assert len(ENTRIES) > 100


@pytest.mark.parametrize("extra", SETS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_what_is_asked_for_is_locked_in_a_version_that_will_do(
    extra: str, python: str, system: dict[str, str]
) -> None:
    there = locked(extra, here(system, python))
    for requirement in asked(extra):
        version = there.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in the lock: run `python3 -m autograder lock`"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement}: {version} is locked"
        )


@pytest.mark.parametrize("extra", SETS)
def test_what_packages_need_is_locked_in_the_same_set(extra: str) -> None:
    """As the packages say that are installed here: nothing would be fetched beside the lock."""
    there = locked(extra)
    seen: set[str] = set()
    waiting = asked(extra)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in there, f"{name} is needed and not locked for {extra}: run `python3 -m autograder lock`"
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            assert extra == "lock", f"{name} is not installed"
            continue
        for text in needs:
            need = Requirement(text)
            if need.marker is None or any(
                need.marker.evaluate({"extra": wanted}) for wanted in ("", *requirement.extras)
            ):
                waiting.append(need)


def test_every_package_has_the_hashes_of_its_files() -> None:
    for each in ENTRIES:
        lines = each.text.split("\n")
        assert len(lines) > 1, each.name
        for line in lines[1:]:
            assert re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line), f"{each.name}: {line}"


def test_no_place_is_named_to_get_them_from() -> None:
    assert not re.search("://|index-url|find-links", LOCK.read_text(encoding="utf-8"))


def test_sets_lie_in_one_another_as_the_start_believes() -> None:
    assert set(sets.SPACE) == set(SETS)
    for outer, inner in sets.HOLDS.items():
        for name in inner:
            assert locked(name).items() <= locked(outer).items()
    assert {"dask", "psycopg", "jupytext", "cryptography"}.isdisjoint(locked("student"))
    assert {"pytest", "ruff", "playwright"}.isdisjoint(locked("instructor"))


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_conditions_are_read_as_pip_reads_them(
    python: str, system: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = here(system, python)
    monkeypatch.setattr(sets, "_here", lambda: place)
    chosen = [each.name for each in ENTRIES if sets.applies(each.marker)]
    assert chosen == [
        each.name
        for each in ENTRIES
        if not each.marker or Requirement(pin_of(each)).marker.evaluate(place)  # type: ignore[union-attr]
    ]
    assert len(chosen) == len(set(chosen))


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Stop, match="cannot be read"):
        sets.applies("__import__('os')")


def test_every_command_has_its_set() -> None:
    group = typer.main.get_command(cli.app)
    names = set(group.list_commands(typer.Context(group))) | {"lock"}  # type: ignore[attr-defined]
    rooms = {name for commands in cli.ROOMS.values() for name in commands}
    own = ("site", "hub", "test", "lock")
    assert {name: sets.wanted_by([name]) for name in names} == {
        name: name if name in own else "instructor" if name in rooms else "student" for name in names
    }


# What Python in a browser brings itself, and nothing else has.
IN_A_BROWSER = {"pyodide", "pyodide_js"}


def imports(part: Path) -> Iterator[str]:
    for path in [part] if part.is_file() else sorted(part.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


@pytest.mark.parametrize("part", ["kit", "lab", "course.py", "cli.py", "terminal.py"])
def test_what_a_student_runs_imports_what_a_student_has(part: str) -> None:
    brought_by = importlib.metadata.packages_distributions()
    there = locked("student")
    known = sys.stdlib_module_names | {"autograder"} | IN_A_BROWSER
    for name in set(imports(course.ROOT / "autograder" / part)) - known:
        assert {canonicalize_name(each) for each in brought_by[name]} & there.keys(), name


def test_what_the_kit_imports_is_what_its_wheel_asks_for() -> None:
    names = set(imports(course.ROOT / "autograder" / "kit"))
    names -= sys.stdlib_module_names | {"autograder"} | IN_A_BROWSER
    wanted = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    brought_by = importlib.metadata.packages_distributions()
    for name in names - {"traitlets"}:  # anywidget's and IPython's, whatever their version
        assert {canonicalize_name(each) for each in brought_by[name]} & wanted, name


# How it is made: a stand-in for uv, which knows three packages.

UV = """\
import pathlib, sys
args = sys.argv[1:]
extras = {a.partition("=")[2] for a in args if a.startswith("--extra=")}
out = pathlib.Path(args[args.index("--output-file") + 1])
lines = []
for name, version, sets in (("numpy", "2.4.6", "student test"), ("pytest", "9.2.0", "test"),
                            ("torch", "2.13.0", "test"), ("nvidia-cublas", "13", "test"), ("sympy", "1.14", "test")):
    if extras & set(sets.split()):
        lines.append(f"{name}=={version}" + (" \\\\\\n    --hash=sha256:aa" if "--generate-hashes" in args else ""))
out.write_text("\\n".join(lines) + "\\n")
"""


@pytest.fixture
def course_with_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'autograder'\n[project.optional-dependencies]\n"
        "student = ['numpy']\ntest = ['pytest', 'torch']\n"
    )
    (tmp_path / "uv.py").write_text(UV)
    (tmp_path / "uv").write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path}/uv.py "$@"\n')
    (tmp_path / "uv").chmod(0o755)
    for name, value in (("ROOT", tmp_path), ("LOCK", tmp_path / "requirements.txt"), ("BIN", tmp_path)):
        monkeypatch.setattr(lock, name, value)
    return tmp_path


def test_lock_writes_every_package_with_its_sets_and_leaves_torch_to_pip(course_with_uv: Path) -> None:
    assert lock.write() == (3, 3)
    entries = sets.packages((course_with_uv / "requirements.txt").read_text())
    assert [(each.name, each.sets) for each in entries] == [
        ("numpy", ("student", "test")),
        ("pytest", ("test",)),
        ("sympy", ("test",)),
    ]
    assert all("--hash=sha256:aa" in each.text for each in entries)
    assert lock.write() == (3, 0)


def test_what_uv_cannot_solve_is_told_and_the_lock_stays(course_with_uv: Path) -> None:
    lock.write()
    before = (course_with_uv / "requirements.txt").read_bytes()
    (course_with_uv / "uv.py").write_text("raise SystemExit('no version of numpy will do')")
    with pytest.raises(Stop, match="no version of numpy"):
        lock.write()
    assert (course_with_uv / "requirements.txt").read_bytes() == before


def test_the_locks_own_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "lock", "--help"],
        cwd=course.ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "requirements.txt" in done.stdout
