"""The lessons as a JupyterLite: JupyterLab in a browser tab, with the course's kernel and nothing to install."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder import course
from autograder.site import engine, wheels

HERE = Path(__file__).parent / "in_browser"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# Of all that is installed here, what a browser needs. nbgrader's own buttons ask a server, and there is none.
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")
# In the kernel from its start. Then nothing is left for an installer to do, and no notebook needs a cell for it.
AT_START = (
    "micropip",
    "piplite",
    "ipykernel",
    "comm",
    "pyodide-kernel",
    "jedi",
    "ipython",
    "sqlite3",
    "anywidget",
    "autograder",
)
INSTALLED = ("ipywidgets", "anywidget", "psygnal", "comm", "typing_extensions")
KIT_NEEDS = ["numpy"]
SITE_PACKAGES = "/lib/python3.12/site-packages"
PROGRESS = "/drive/progress"
SETTINGS: dict[str, Any] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
}
# From one lesson's folder to another's, or to a text beside them. Here they all lie in one folder: a notebook in a
# folder of its own would be downloaded under the folder's name and its own.
LINK = re.compile(r"\]\((?:\.\./)?(?:[\w-]+/)?([\w-]+\.(?:ipynb|md))((?:#[^)]*)?)\)")


class LiteError(Exception):
    """JupyterLite could not be built; the message is its own."""


def write_lite(directory: Path, pyodide: Path | None) -> Iterator[str]:
    """Writes the JupyterLite into a new folder and says what it is at. PyodideError, LiteError say what is wrong."""
    with tempfile.TemporaryDirectory(prefix="autograder-site-") as made:
        scratch = Path(made)
        for name in engine.fetch(scratch / "pyodide", pyodide):
            yield f"Pyodide: {name}"
        yield "the course's own packages"
        _write_packages(scratch / "pyodide")
        _write_sources(scratch)
        yield "JupyterLite"
        _build(scratch, directory)
        shutil.move(scratch / "pyodide", directory / "pyodide")
        _finish(directory)


def _write_packages(pyodide: Path) -> None:
    """The wheels beside Pyodide's own, and the one lock file for all of them."""
    names = frozenset((*engine.pins()["packages"], *map(wheels.canonical, INSTALLED)))
    found = [wheels.installed(pyodide, name, names) for name in INSTALLED]
    kernel = Path(sys.prefix) / "share/jupyter/labextensions" / KERNEL / "static/pypi"
    for stem, needs in (("pyodide_kernel", ["comm", "ipython"]), ("ipykernel", ["pyodide-kernel"])):
        [wheel] = kernel.glob(f"{stem}-*.whl")
        shutil.copy2(wheel, pyodide / wheel.name)
        found.append(wheels.entry(pyodide / wheel.name, stem, wheel.name.split("-")[1], [stem], needs))
    found.append(wheels.write(pyodide, "piplite", "0", wheels.stand_in_files(), []))
    found.append(wheels.write(pyodide, "autograder", "0.1.0", wheels.course_files(), KIT_NEEDS))
    lock = engine.lock({each["name"]: each for each in found})
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def _write_sources(scratch: Path) -> None:
    """What JupyterLite's own builder reads: notebooks, settings, extensions."""
    for name in EXTENSIONS:
        shutil.copytree(
            Path(sys.prefix) / "share/jupyter/labextensions" / name,
            scratch / "labextensions" / name,
            ignore=shutil.ignore_patterns("*.map"),
        )
    files = scratch / "files"
    files.mkdir()
    for lesson in course.LESSONS:
        (files / f"{lesson.name}.ipynb").write_text(
            nbformat.writes(notebook(lesson)) + "\n", encoding="utf-8"
        )
    text = LINK.sub(r"](\1\2)", course.NOTATION.read_text(encoding="utf-8"))
    (files / course.NOTATION.name).write_text(text, encoding="utf-8")
    (scratch / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    kernel = {
        "pyodideUrl": "./pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": "./pyodide/pyodide-lock.json",
            "packages": list(AT_START),
            "env": {
                "HOME": "/home/pyodide",
                "AUTOGRADER_PROGRESS": PROGRESS,
                "PYTHONSTARTUP": f"{SITE_PACKAGES}/autograder/in_browser_startup.py",
            },
        },
    }
    lite = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Differentiating a neural network",
            "exposeAppInBrowser": True,
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }
    (scratch / "jupyter-lite.json").write_text(json.dumps(lite), encoding="utf-8")


def notebook(lesson: course.Lesson) -> nbformat.NotebookNode:
    """A lesson's notebook for the browser: its kernel has another name there, and the lessons lie side by side."""
    made = nbformat.read(lesson.notebook, as_version=4)
    made.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(r"](\1\2)", cell.source)
    return made


def _build(scratch: Path, directory: Path) -> None:
    """Runs JupyterLite's builder on what lies in `scratch`, with nobody's own Jupyter settings."""
    config = {
        "LiteBuildConfig": {
            "apps": ["lab"],
            "contents": ["files"],
            "ignore_sys_prefix": ["federated_extensions"],
            "output_dir": str(directory.resolve()),
            "no_sourcemaps": True,
        },
        "FederatedExtensionAddon": {"extra_labextensions_path": [str(scratch / "labextensions")]},
    }
    (scratch / "jupyter_lite_config.json").write_text(json.dumps(config), encoding="utf-8")
    private = {name: str(scratch / "private") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME")}
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    result = subprocess.run(
        command, cwd=scratch, env=os.environ | private, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise LiteError(f"JupyterLite could not be built:\n{(result.stdout + result.stderr)[-3000:]}")


def _finish(directory: Path) -> None:
    """Puts our script into JupyterLab's page, and takes out what this course does not use."""
    shutil.copy2(HERE / "lab.js", directory / "lab" / "course.js")
    page = directory / "lab" / "index.html"
    text = page.read_text(encoding="utf-8")
    if "</head>" not in text:
        raise LiteError("JupyterLite's page has changed: it has no </head>")
    page.write_text(text.replace("</head>", '<script src="course.js"></script></head>', 1), encoding="utf-8")
    for path in directory.rglob("*.map"):
        path.unlink()
