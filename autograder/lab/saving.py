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
