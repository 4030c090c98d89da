"""An explorable without a kernel: a picture for every button. Runs in the kernel that runs the lesson."""

from typing import Any

from autograder.kit.explore.parts.panel import Panel

MIME = "application/vnd.autograder.stills+json"
GUESS_FIRST = "predict"


def show_stills() -> None:
    """From now on an explorable shows, beside its picture, the pictures that its buttons lead to."""
    Panel.show = _show  # type: ignore[method-assign, assignment]


def _show(panel: Panel) -> Panel:
    from IPython.display import display

    display({MIME: stills(panel), **panel.picture.bundle()}, raw=True)
    return panel


def stills(panel: Panel) -> dict[str, Any]:
    """The title, the controls in a sentence, and `pictures`: for each button its label and HTML.

    Where one guesses first, each has a second picture, `guess`, which holds back what is to be guessed. `start` is what
    the controls in a browser are made of.
    """
    guessing = bool(panel.values.get(GUESS_FIRST))
    start = {
        "title": panel.title,
        "controls": [control.spec() for control in panel.controls.values()],
        "presets": [preset.spec() for preset in panel.presets.values()],
        "values": dict(panel.values),
        "grips": panel.grips(),
    }
    pictures = []
    for label in ["Reset", *(name for name in panel.presets if name != "Reset")]:
        panel.press(label)
        made = {"label": "Start" if label == "Reset" else label}
        if guessing:
            panel.move(**{GUESS_FIRST: True})
            made["guess"] = panel.picture.html()
            panel.move(**{GUESS_FIRST: False})
        pictures.append(made | {"html": panel.picture.html()})
    listed = ", ".join(control.describe() for control in panel.controls.values())
    return {"title": panel.title, "controls": listed, "pictures": pictures, "start": start}
