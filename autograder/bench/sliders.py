"""From a key press to the changed picture, in a real browser: every explorable, `interact`, and a bare slider.

All stand in one notebook and take turns, so that what else the machine does falls on all of them.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import nbformat
from rich import box
from rich.console import Console
from rich.table import Table

from autograder.bench import browser as tools
from autograder.kit import explore
from autograder.start.tools import find_tool, how_to_get

MOST_OF_CEILING, LEAST_OF_INTERACT = 1.5, 8.0
TURNS, PRESSES, DRAG_SECONDS = 6, 5, 2.0

SETUP = """
from ipywidgets import FloatSlider, IntSlider, Label, VBox, interact
from autograder.bench import same_pictures
from autograder.kit import explore
def slider(low, high, value, step):
    kind = IntSlider if all(isinstance(each, int) for each in (low, high, step)) else FloatSlider
    return kind(min=low, max=high, value=value, step=step)
"""
CEILING = """
bare, shown = FloatSlider(min=-8, max=8, step=0.05, readout=False), Label("0")
bare.observe(lambda change: setattr(shown, "value", f"{change['new']:.2f}"), "value")
VBox([bare, shown])
"""
# The sliders of each: the lowest value, the highest, the first, the step.
INTERACT: dict[str, dict[str, tuple[float, float, float, float]]] = {
    "activation": {"x": (-8, 8, 1, 0.05)},
    "cross_entropy": {"p": (0.001, 1, 0.4, 0.001)},
    "delta": {
        **{name: (-10, 10, first, 0.1) for name, first in (("z1", 2), ("z2", 1), ("z3", 0))},
        "scale": (1, 100, 1, 1),
    },
    "descent": {"rate": (0.005, 1.2, 0.1, 0.005), "steps": (0, 60, 12, 1), "w": (-3, 3, -2.5, 0.05)},
    "descent_map": {
        "rate": (0.005, 1.2, 0.1, 0.005),
        "steps": (0, 60, 12, 1),
        "u": (-3, 3, -2.5, 0.05),
        "v": (-2, 2, 1, 0.05),
    },
    "forward_pass": {name: (-10, 10, first, 0.05) for name, first in (("x1", 0.1), ("x2", 0.2), ("x3", 0.7))},
    "softmax": {
        **{name: (-10, 10, first, 0.1) for name, first in (("z1", 2), ("z2", 1), ("z3", 0), ("z4", -1))},
        "shift": (-1000, 1000, 0, 1),
    },
}
CALLS = {"activation": 'explore.activation("sigmoid")'}

# What is looked at, and when it is there: a picture when it is decoded, a label at once.
AREA = "document.querySelectorAll('.jp-CodeCell')[index].querySelector('.jp-OutputArea')"
WATCH = """index => {
  const area = AREA;
  const picture = () => area.querySelector('img') ?? [...area.querySelectorAll('.widget-label')].at(-1);
  const said = () => picture()?.src ?? picture()?.textContent ?? '';
  const state = {count: 0, last: said(), pressed: 0};
  window.addEventListener('keydown', event => { state.pressed = event.timeStamp; }, true);
  state.changed = new Promise(resolve => {
    state.observer = new MutationObserver(async () => {
      const now = said();
      if (now === '' || now === state.last) return;
      state.last = now;
      state.count += 1;
      const shown = picture();
      if (shown.decode) await shown.decode().catch(() => {});
      resolve(performance.now() - state.pressed);
    });
    state.observer.observe(area, {subtree: true, childList: true, attributes: true, characterData: true});
  });
  window.benched = state;
}""".replace("AREA", AREA)
CHANGED = """() => Promise.race([
  window.benched.changed, new Promise((_, reject) => setTimeout(() => reject('no change'), 10000))
]).finally(() => window.benched.observer.disconnect())"""


@dataclass
class Contender:
    """One cell with a slider: what it is called, its code, and what was measured."""

    name: str
    kind: str
    code: str
    waits: list[float] = field(default_factory=list)
    drawn: float = 0.0

    @property
    def middle(self) -> float:
        """The median wait in milliseconds."""
        return median(self.waits)


def contenders() -> list[Contender]:
    """The bare slider, every explorable, and `interact` where the same picture is drawn."""
    found = [Contender("a slider and a label", "ceiling", CEILING)]
    for name in explore.__all__:
        found.append(Contender(name, "explore", CALLS.get(name, f"explore.{name}()")))
        if name in INTERACT:
            sliders = ", ".join(f"{key}=slider{numbers}" for key, numbers in INTERACT[name].items())
            found.append(Contender(name, "interact", f"interact(same_pictures.{name}, {sliders});"))
    return found


@contextmanager
def notebook_with(cells: list[str]) -> Iterator[tools.Notebook]:
    """A notebook with these cells, run in JupyterLab."""
    executable = find_tool("chromium")
    if executable is None:
        sys.exit(f"the bench needs a browser: {how_to_get(['chromium'])}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "notebooks"
        root.mkdir()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, root / "bench.ipynb")
        with (
            tools.jupyterlab(root, Path(folder) / "private") as server,
            tools.chromium(executable) as browser,
            tools.opened(browser, server, "bench.ipynb") as opened,
        ):
            opened.run_all(300)
            opened.explorables()
            assert opened.errors() == [], opened.errors()
            yield opened


def handle(page: tools.Page, index: int) -> tools.Locator:
    """The first slider of the cell."""
    return page.locator(".jp-CodeCell").nth(index).get_by_role("slider").first


def press(page: tools.Page, index: int, contender: Contender) -> None:
    """A few key presses, there and back; the first of them warms up."""
    press_slider(handle(page, index), WATCH, index, contender)


def press_slider(slider: tools.Locator, watch: str, index: int, contender: Contender) -> None:
    """The same for any slider; `watch` is the script that looks at the picture of that index."""
    page = slider.page
    slider.scroll_into_view_if_needed()
    slider.focus()
    at_the_top = slider.evaluate(
        "slider => slider.max !== undefined && Number(slider.value) >= Number(slider.max)"
    )
    keys = ("ArrowLeft", "ArrowRight") if at_the_top else ("ArrowRight", "ArrowLeft")
    for count in range(PRESSES + 1):
        page.evaluate(watch, index)
        page.keyboard.press(keys[count % 2])
        waited = page.evaluate(CHANGED)
        if count:
            contender.waits.append(waited)
        page.wait_for_timeout(40)


def drag(page: tools.Page, index: int, contender: Contender) -> None:
    """Moves the slider to and fro with the mouse and counts the pictures."""
    slider = handle(page, index)
    slider.scroll_into_view_if_needed()
    knob = slider.bounding_box()
    bar = slider.evaluate(
        "slider => (slider.closest('.noUi-target') ?? slider).getBoundingClientRect().toJSON()"
    )
    assert knob is not None
    height = knob["y"] + knob["height"] / 2
    # A handle is taken where it is; a native slider's handle comes to where its bar is pressed.
    start = (
        knob["x"] + knob["width"] / 2 if knob["width"] < bar["width"] / 2 else bar["x"] + bar["width"] * 0.5
    )
    page.mouse.move(start, height)
    page.mouse.down()
    page.evaluate(WATCH, index)
    began, count = time.monotonic(), 0
    while time.monotonic() - began < DRAG_SECONDS:
        part = 0.2 + 0.6 * abs((count / 60) % 2 - 1)
        page.mouse.move(bar["x"] + bar["width"] * part, height)
        page.wait_for_timeout(8)
        count += 1
    pictures = page.evaluate("() => { window.benched.observer.disconnect(); return window.benched.count; }")
    contender.drawn = pictures / (time.monotonic() - began)
    page.mouse.up()
    page.wait_for_timeout(600)


def table(measured: list[Contender]) -> Table:
    """The figures, as text that is Markdown too."""
    ceiling = next(each for each in measured if each.kind == "ceiling")
    interacts = {each.name: each for each in measured if each.kind == "interact"}
    made = Table(box=box.MARKDOWN)
    for heading in (
        "picture",
        "median ms",
        "of the ceiling",
        "faster than `interact`",
        "pictures/s in a drag",
    ):
        made.add_column(heading, justify="left" if heading == "picture" else "right", no_wrap=True)
    for each in measured:
        name = {"explore": f"`explore.{each.name}`", "interact": f"`interact`, {each.name}"}.get(
            each.kind, each.name
        )
        rival = interacts.get(each.name) if each.kind == "explore" else None
        faster = f"{rival.middle / each.middle:.1f} times" if rival else ""
        of_ceiling = f"{each.middle / ceiling.middle:.2f}"
        made.add_row(name, f"{each.middle:.0f}", of_ceiling, faster, f"{each.drawn:.1f}")
    return made


def misses(measured: list[Contender]) -> list[str]:
    """The explorables that are slower than they may be."""
    ceiling = next(each for each in measured if each.kind == "ceiling")
    interacts = {each.name: each for each in measured if each.kind == "interact"}
    found = []
    for each in measured:
        if each.kind != "explore":
            continue
        if each.middle > MOST_OF_CEILING * ceiling.middle:
            found.append(f"{each.name} takes more than {MOST_OF_CEILING} times as long as a bare slider")
        if each.name in interacts and interacts[each.name].middle < LEAST_OF_INTERACT * each.middle:
            found.append(f"{each.name} is not {LEAST_OF_INTERACT:g} times faster than interact")
    return found


def main() -> int:
    """Measures, prints the table, and says what misses the bars; 1 if anything does."""
    console = Console(width=120)
    measured = contenders()
    before = os.getloadavg()[0]
    with notebook_with([SETUP, *(each.code for each in measured)]) as notebook:
        for _ in range(TURNS):
            for index, each in enumerate(measured, start=1):
                press(notebook.page, index, each)
        for index, each in enumerate(measured, start=1):
            drag(notebook.page, index, each)
    console.print(table(measured))
    console.print(
        f"{TURNS * PRESSES} key presses each, in turns; {os.cpu_count()} cores, load before {before:.1f}"
    )
    missed = misses(measured)
    for miss in missed:
        console.print(f"missed: {miss}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
