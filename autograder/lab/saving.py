"""What JupyterLab writes into a notebook: the pictures, and a sentence in place of the controls."""

from typing import Any

CONTROLS = "application/vnd.jupyter.widget-view+json"


def without_controls(model: dict[str, Any], **_: Any) -> None:
    """Takes live controls out of what is saved, where text stands beside them; for JupyterLab to call before it saves.

    Controls live as long as their kernel. A notebook opened again would show "model not found" in their place, until
    it is run. The page that is open now keeps its own.
    """
    if model.get("type") != "notebook" or not model.get("content"):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(CONTROLS, None)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """How a Jupyter server learns that this module extends it."""
    return [{"module": "autograder.lab.saving"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Nothing yet: another extension, jupytext's for one, may put its own in the place of what saves."""


async def _start_jupyter_server_extension(app: Any) -> None:
    """Adds to what the server does before it saves: a hook in the person's own configuration runs as well."""
    app.contents_manager.register_pre_save_hook(without_controls)
