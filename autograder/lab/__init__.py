"""How JupyterLab is set up for the course: no questions, prompt sliders, nothing from the network."""

import json
from pathlib import Path

# Files that JupyterLab reads by name: overrides.json.
SETTINGS_DIR = Path(__file__).parent

# What "Save and Export Notebook As HTML" would have the page load from elsewhere: an empty address loads nothing.
# Formulas are MathML instead, which browsers draw by themselves. `jupyter nbconvert --config` takes the same file.
EXPORT = SETTINGS_DIR / "jupyter_nbconvert_config.json"

# No wait in the connection, and no dead controls in a saved notebook.
CONNECTION = "--ServerApp.kernel_websocket_connection_class=autograder.lab.connection.PromptConnection"
SAVING = "--ContentsManager.pre_save_hook=autograder.lab.saving.without_controls"


def options() -> list[str]:
    """For JupyterLab's command line."""
    return [f"--LabApp.app_settings_dir={SETTINGS_DIR}", CONNECTION, SAVING, *_export()]


def _export() -> list[str]:
    exporter = json.loads(EXPORT.read_text(encoding="utf-8"))["HTMLExporter"]
    filters = [f"--HTMLExporter.filters={name}={path}" for name, path in exporter.pop("filters").items()]
    return [*filters, *(f"--HTMLExporter.{name}={value}" for name, value in exporter.items())]
