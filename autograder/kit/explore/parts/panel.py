"""Ties controls to a picture: a control moves, the picture is drawn anew in the place where it stood."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

from autograder.kit.explore.parts.controls import Check, Control, Preset, Reveal
from autograder.kit.explore.parts.drawing import Drawing, State


class Panel:
    """A picture and the controls it depends on.

    `drawn` makes the drawing from the controls' values, a mapping by the controls' names. Everything a student
    can do with the mouse can be done from Python: `panel.move(x=2)`, `panel.press("the middle")`,
    `panel.reset()`; `panel.picture` is what they see.
    """

    def __init__(
        self,
        title: str,
        controls: Sequence[Control],
        presets: Sequence[Preset],
        drawn: Callable[[State], Drawing],
    ) -> None:
        self.title = title
        self.controls = {control.name: control for control in controls}
        start = {control.name: control.clean(control.start) for control in controls}
        kept = [control.name for control in controls if isinstance(control, Check) and control.kept]
        reset = {name: value for name, value in start.items() if name not in kept}
        self._reveals = [control for control in controls if isinstance(control, Reveal)]
        self.presets = {preset.label: preset for preset in [*presets, Preset("Reset", reset)]}
        self._drawn = drawn
        self._values: dict[str, Any] = start
        self._handle: Any = None
        self._widget: Any = None
        self.picture = drawn(self.values).picture()

    @property
    def values(self) -> State:
        """The controls' values by name; not to be written to."""
        return MappingProxyType(dict(self._values))

    def move(self, **values: Any) -> None:
        """Sets controls by name and draws the picture once. Raises ValueError for a value that cannot be."""
        unknown = values.keys() - self.controls.keys()
        if unknown:
            raise ValueError(f"no control {sorted(unknown)}; there are {sorted(self.controls)}")
        wanted = {name: self.controls[name].clean(value) for name, value in values.items()}
        changed = [name for name, value in wanted.items() if value != self._values[name]]
        if any(not self.controls[name].shown_while for name in changed):
            wanted.update((button.name, False) for button in self._reveals)
        self._values.update(wanted)
        self.picture = self._drawn(self.values).picture()
        if self._widget is not None:
            self._widget.grips = self.grips()
        if self._handle is not None:
            self._handle.update(self.picture.bundle(), raw=True)
        if self._widget is not None:
            self._widget.said = self.picture.alt
            if not _same(self._widget.values, self._values):
                self._widget.values = dict(self._values)

    def grips(self) -> list[dict[str, Any]]:
        """What of the picture can be dragged, for the browser."""
        return [grip.spec() for grip in self.picture.svg.grips]

    def press(self, label: str) -> None:
        """Presses a preset button, "Reset", or "Reveal"."""
        shows = {button.label: button.name for button in self._reveals}
        if label in shows:
            self.move(**{shows[label]: True})
        elif label in self.presets:
            self.move(**self.presets[label].values)
        else:
            raise ValueError(f"no button {label!r}; there are {sorted(self.presets)}")

    def reset(self) -> None:
        """Puts every control back to where it started; whether to guess first stays as it is."""
        self.press("Reset")

    def show(self) -> "Panel":
        """Displays the controls and, below them, the picture. Outside a notebook, prints what it shows."""
        from IPython import get_ipython
        from IPython.display import display

        shell = get_ipython()
        if shell is None:
            print(f"{self.title}: {self.picture.alt}")
            return self
        if getattr(shell, "kernel", None) is not None:
            display(self.widget_bundle(), raw=True)
        self._handle = display(self.picture.bundle(), raw=True, display_id=True)
        return self

    def widget_bundle(self) -> dict[str, Any]:
        """For `display`: the live controls; where no kernel runs, how to get them, and what they are."""
        listed = ", ".join(control.describe() for control in self.controls.values())
        sentence = f"Run this cell to move the sliders of {self.title}: {listed}."
        bundle = dict(self.widget.view())
        bundle["text/plain"] = sentence
        bundle["text/html"] = f"<p>{escape(sentence)}</p>"
        return bundle

    @property
    def widget(self) -> Any:
        """The controls in the browser, made when first asked for: a plain Python program needs none."""
        if self._widget is None:
            from autograder.kit.explore.parts.widget import ControlsWidget

            specs = [control.spec() for control in self.controls.values()]
            buttons = [preset.spec() for preset in self.presets.values()]
            self._widget = ControlsWidget(
                title=self.title,
                controls=specs,
                presets=buttons,
                values=dict(self._values),
                grips=self.grips(),
            )
            self._widget.observe(self._from_browser, names="values")
        return self._widget

    def _from_browser(self, change: Mapping[str, Any]) -> None:
        """The student moved something: draw, unless it was this panel itself that set the widget."""
        if not _same(change["new"], self._values):
            self.move(**change["new"])

    def _ipython_display_(self) -> None:
        """Nothing: the call that made the panel has shown it already."""


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two settings are the same; what comes from the browser has lists where ours has tuples."""

    def plain(values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    return plain(one) == plain(other)
