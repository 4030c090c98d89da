"""Wheels for Pyodide, each one pure Python: of the kit with its data, and of packages installed here."""

import hashlib
import importlib.metadata
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder import course

HERE = Path(__file__).parent / "in_browser"
# What a notebook's front end brings, and no kernel imports.
FRONT_ENDS = frozenset(("jupyterlab-widgets", "widgetsnbextension"))
# The same content gives the same file: a visitor's browser need not load it again.
DATE = (2020, 1, 1, 0, 0, 0)


def canonical(name: str) -> str:
    """A package's name as lock files have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def course_files() -> dict[str, bytes]:
    """What a notebook needs of the course, by its path in the wheel: the kit and the data. No bank, no solutions."""
    package = course.ROOT / "autograder"
    paths = [package / "__init__.py", package / "course.py"]
    paths += [path for path in sorted((package / "kit").rglob("*")) if path.suffix in (".py", ".js", ".css")]
    data = course.ROOT / "data"
    paths += [
        *sorted((data / "reference").glob("*.json")),
        data / "worked_example.json",
        data / "digits.csv.gz",
    ]
    found = {path.relative_to(course.ROOT).as_posix(): path.read_bytes() for path in paths}
    for name in ("in_browser.py", "in_browser_startup.py", "in_page.py"):
        found[f"autograder/{name}"] = (HERE / name).read_bytes()
    return found


def stand_in_files() -> dict[str, bytes]:
    """The package that stands in for JupyterLite's own installer: here everything is there already."""
    paths = sorted((HERE / "piplite").glob("*.py"))
    return {f"piplite/{path.name}": path.read_bytes() for path in paths}


def installed_files(name: str) -> dict[str, bytes]:
    """The Python files and data of a package installed here, without compiled ones: they are not for a browser."""
    found = {}
    for path in importlib.metadata.distribution(name).files or []:
        inside = not path.parts[0].startswith("..") and "__pycache__" not in path.parts
        if inside and ".dist-info" not in path.parts[0] and path.suffix not in (".so", ".pyd", ".map"):
            found[path.as_posix()] = Path(str(path.locate())).read_bytes()
    return found


def write(
    folder: Path, name: str, version: str, contents: Mapping[str, bytes], needs: list[str]
) -> dict[str, Any]:
    """Writes the wheel into the folder and returns its entry for Pyodide's lock file."""
    file_name = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    tag = "Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    everything = {
        **contents,
        f"{info}/METADATA": metadata.encode(),
        f"{info}/WHEEL": tag.encode(),
        f"{info}/RECORD": "".join(f"{path},,\n" for path in contents).encode(),
    }
    with zipfile.ZipFile(folder / file_name, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, text in everything.items():
            item = zipfile.ZipInfo(path, DATE)
            item.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(item, text)
    return entry(folder / file_name, name, version, sorted(_modules(contents)), needs)


def entry(path: Path, name: str, version: str, modules: list[str], needs: list[str]) -> dict[str, Any]:
    """What Pyodide's lock file says of a wheel."""
    return {
        "name": canonical(name),
        "version": version,
        "file_name": path.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": modules,
        "depends": needs,
        "unvendored_tests": False,
    }


def _modules(contents: Mapping[str, bytes]) -> set[str]:
    """The names that one can import: top folders with Python in them, and top files."""
    paths = [Path(path) for path in contents if path.endswith(".py")]
    return {path.parts[0].removesuffix(".py") for path in paths}


def installed(folder: Path, name: str, known: frozenset[str]) -> dict[str, Any]:
    """The wheel of a package installed here; of what it needs, what the lock will know."""
    found = importlib.metadata.distribution(name)
    needs = []
    for requirement in found.requires or []:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        if match and "extra ==" not in requirement and canonical(match[0]) in known - FRONT_ENDS:
            needs.append(canonical(match[0]))
    return write(folder, canonical(name), found.version, installed_files(name), sorted(set(needs)))
