"""A lesson in the site's JupyterLab, for tests and benches: open it, wait for its kernel, run, save, download."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

MINUTES = 60_000
# A browser and its Python start slowly on a machine that has other things to do.
PATIENCE = 5 * MINUTES
IDLE = """() => { const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle'; }"""
RUN = """index => { const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index; notebook.deselectAll();
  return window.jupyterapp.commands.execute('notebook:run-cell').then(() => null); }"""
SOURCE = """([index, source]) => {
  window.jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source); }"""
BESIDE = """async name => { const { commands, shell } = window.jupyterapp, before = shell.currentWidget;
  const { id } = before.sessionContext.session.kernel;
  const opened = await commands.execute('docmanager:open', { path: name, factory: 'Notebook', kernel: { id } });
  await opened.context.ready; await opened.sessionContext.ready; shell.activateById(opened.id);
  return before.id; }"""
CLOSE = """before => { const { shell } = window.jupyterapp;
  shell.currentWidget.dispose(); shell.activateById(before); }"""
CELLS = (
    "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(cell => cell.toJSON())"
)


@dataclass
class OpenLesson:
    """A notebook open in the browser's JupyterLab. `strangers` are the requests to other machines."""

    page: Page
    address: str
    strangers: list[str] = field(default_factory=list)

    def open(self, name: str) -> None:
        """Opens a notebook as the site's links do and waits for its kernel."""
        self.page.goto(f"{self.address}/work/lab/index.html?workspace={Path(name).stem}&path={name}")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=PATIENCE)
        self.page.wait_for_function(IDLE, timeout=PATIENCE)
        assert self.page.locator(".jp-Dialog").count() == 0

    @contextlib.contextmanager
    def beside(self, name: str) -> Iterator[None]:
        """Opens another notebook beside this one, with the same kernel; closes it at the end."""
        before = self.page.evaluate(BESIDE, name)
        self.page.wait_for_function(IDLE, timeout=PATIENCE)
        try:
            yield
        finally:
            self.page.evaluate(CLOSE, before)

    def cells(self) -> list[dict[str, Any]]:
        """The cells as they are now, outputs and all."""
        return list(self.page.evaluate(CELLS))

    def write(self, index: int, source: str) -> None:
        """Types into a cell."""
        self.page.evaluate(SOURCE, [index, source])

    def run(self, index: int) -> str:
        """Runs a cell, waits for its end, and gives what it shows in words."""
        self.page.evaluate(RUN, index)
        outputs = self.cells()[index]["outputs"]
        assert self.cells()[index]["execution_count"]
        return "\n".join(map(in_words, outputs))

    def run_all(self) -> None:
        """Runs all cells."""
        self.page.evaluate(
            "() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)"
        )

    def save(self) -> None:
        """Saves the notebook in the browser."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save').then(() => null)")

    def download(self, folder: Path) -> Path:
        """Downloads the notebook as File, Download does."""
        with self.page.expect_download(timeout=PATIENCE) as download:
            self.page.evaluate("() => { window.jupyterapp.commands.execute('docmanager:download'); }")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def in_words(output: dict[str, Any]) -> str:
    """An output's text."""
    if output["output_type"] == "stream":
        return "".join(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    data = output["data"]
    return "".join(data.get("text/html", data.get("text/plain", "")))


@contextlib.contextmanager
def opened(context: BrowserContext, address: str) -> Iterator[OpenLesson]:
    """A page of the browser for the site's JupyterLab."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    lesson = OpenLesson(page, address)
    ours = (f"http://{urlsplit(address).netloc}/", "data:", "blob:")
    context.on("request", lambda r: None if r.url.startswith(ours) else lesson.strangers.append(r.url))
    yield lesson
    page.close()
