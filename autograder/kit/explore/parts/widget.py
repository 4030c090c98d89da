"""The controls in the browser: native inputs with names, through anywidget. Imported only where they are shown."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class ControlsWidget(anywidget.AnyWidget):
    """The controls of one panel. `values` holds their values by name, and is what moves both ways."""

    # As text, not as paths: nothing watches the files, nothing is fetched.
    _esm = (HERE / "widget.js").read_text(encoding="utf-8")
    _css = (HERE / "widget.css").read_text(encoding="utf-8")

    title = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List(traitlets.Dict()).tag(sync=True)
    presets = traitlets.List(traitlets.Dict()).tag(sync=True)
    # The page shows at once what it sends: an echo would only stand in the picture's way.
    values = traitlets.Dict().tag(sync=True, echo_update=False)
    # What of the picture can be dragged.
    grips = traitlets.List(traitlets.Dict()).tag(sync=True)
    # What the picture says, for those who hear it.
    said = traitlets.Unicode().tag(sync=True)

    def view(self) -> dict[str, Any]:
        """What a front end needs to show it."""
        return {
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            }
        }
