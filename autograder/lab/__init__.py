"""How JupyterLab is set up for the course: no questions, prompt sliders, nothing from the network."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.lab import homes

# Files that JupyterLab reads by name: overrides.json.
SETTINGS_DIR = Path(__file__).parent

# What "Save and Export Notebook As HTML" would have the page load from elsewhere: an empty address loads nothing.
# Formulas are MathML instead, which browsers draw by themselves. `jupyter nbconvert --config` takes the same file.
EXPORT = SETTINGS_DIR / "jupyter_nbconvert_config.json"

# No wait in the connection.
CONNECTION = "--ServerApp.kernel_websocket_connection_class=autograder.lab.connection.PromptConnection"

# Configuration in Jupyter's own form, found by JUPYTER_CONFIG_PATH: what is switched on for everybody, and what of
# nbgrader is switched off for students (formgrader, Create Assignment, Course List).
FOR_ALL = SETTINGS_DIR / "for_all"
FOR_STUDENTS = SETTINGS_DIR / "for_students"


@dataclass(frozen=True)
class Opening:
    """How JupyterLab is started, and what a person should know of it."""

    command: list[str]
    environment: dict[str, str]
    said: list[str]


def opening(folder: Path, further: Sequence[str], for_students: bool = True, start: str = "") -> Opening:
    """JupyterLab on a folder, with further options of the person's own; `start` is a file in it that is shown first."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *options()]
    if start:
        command.append(f"--LabApp.default_url=/lab/tree/{start}")
    set_apart, said = homes.writable()
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not any("allow" in each for each in further):
        command.append("--allow-root")
        said.append(
            "You are root, so JupyterLab is started with --allow-root: notebooks can do all that root can."
        )
    return Opening([*command, *further], set_apart | environment(for_students, set_apart), said)


def environment(for_students: bool = True, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables by which Jupyter finds this configuration, before any other there is but the person's own."""
    places = configuration(for_students)
    before = {**os.environ, **(own or {})}.get("JUPYTER_CONFIG_PATH")
    return {"JUPYTER_CONFIG_PATH": os.pathsep.join([*map(str, places), *([before] if before else [])])}


def configuration(for_students: bool = True) -> list[Path]:
    """The folders for JUPYTER_CONFIG_PATH."""
    return [FOR_STUDENTS, FOR_ALL] if for_students else [FOR_ALL]


def options() -> list[str]:
    """For JupyterLab's command line."""
    return [f"--LabApp.app_settings_dir={SETTINGS_DIR}", CONNECTION, *_export()]


def _export() -> list[str]:
    exporter = json.loads(EXPORT.read_text(encoding="utf-8"))["HTMLExporter"]
    filters = [f"--HTMLExporter.filters={name}={path}" for name, path in exporter.pop("filters").items()]
    return [*filters, *(f"--HTMLExporter.{name}={value}" for name, value in exporter.items())]
