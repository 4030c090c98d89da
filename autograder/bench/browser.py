"""A real JupyterLab in a real browser, for tests: start it once, open notebooks, run them, read and move things.

The server and the browser see a folder of their own and nothing of the user's: another HOME, other configuration.
"""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from autograder.lab import environment as configured
from autograder.lab import options

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# No cells taken out of the page while they are out of sight.
SETTINGS = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
DARK = "JupyterLab Dark"
ERRORS = '[data-mime-type="application/vnd.jupyter.error"]'
SECOND = 1000


def until(true: Callable[[], bool], what: str, seconds: float = 10, pause: float = 0.02) -> None:
    """Waits until `true()`, asked after every pause; fails with `what` was waited for."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not after {seconds} s: {what}"
        time.sleep(pause)


@dataclass
class Server:
    """A running JupyterLab: where it is, and the folder it serves."""

    address: str
    token: str
    root: Path


@contextlib.contextmanager
def jupyterlab(root: Path, private: Path) -> Iterator[Server]:
    """Serves the folder `root` as the course's `lab` does, on a free port; `private` is for all it wants to write."""
    overrides = private / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(SETTINGS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    places = {"HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime"}
    places |= {"JUPYTER_DATA_DIR": "data", "IPYTHONDIR": "ipython", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    environment = os.environ | configured() | {name: str(private / folder) for name, folder in places.items()}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True", *options()]
    log = private / "jupyterlab.log"
    with log.open("w") as written:
        process = subprocess.Popen(command, env=environment, cwd=root, stdout=written, stderr=written)
    server = Server(f"http://127.0.0.1:{port}", token, root)
    try:
        until(lambda: _answers(server, process, log), "JupyterLab answers", 60, pause=0.2)
        yield server
    finally:
        end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """Asks the process to end, and kills it if it has not after 15 seconds."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(server: Server, process: subprocess.Popen[Any], log: Path) -> bool:
    assert process.poll() is None, f"JupyterLab ended at once:\n{log.read_text()[-3000:]}"
    try:
        with urllib.request.urlopen(f"{server.address}/api/status?token={server.token}", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """The browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@dataclass
class Notebook:
    """A notebook open in JupyterLab. `complaints` are the page's errors, `strangers` requests to other machines."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def run_all(self, seconds: float = 240) -> None:
        """Runs all cells and waits for the last. The command is silently lost now and then, so it is given again."""
        end = time.monotonic() + seconds
        while not self._done():
            state = f"cells {self._prompts()}, errors {self.errors()}, page {self.complaints}"
            assert time.monotonic() < end, f"not all cells ran in {seconds} s: {state}"
            self._answer_dialog()
            if not self._running():
                self.command("notebook:run-all-cells")
            with contextlib.suppress(AssertionError):
                until(self._done, "all cells ran", 4, pause=0.25)

    def _answer_dialog(self) -> None:
        """A busy machine starts kernels slowly, and JupyterLab then asks which one is wanted: the one it offers."""
        dialog = self.page.locator(".jp-Dialog")
        if dialog.count():
            asked = dialog.first.inner_text()
            assert "Select Kernel" in asked, f"JupyterLab asks: {asked}"
            dialog.first.locator(".jp-mod-accept").click()

    def _prompts(self) -> list[str]:
        prompts = self.page.locator(".jp-CodeCell .jp-InputArea-prompt").all_inner_texts()
        return [prompt.strip() for prompt in prompts]

    def _running(self) -> bool:
        return any("*" in prompt for prompt in self._prompts())

    def _done(self) -> bool:
        idle = self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').count() > 0
        prompts = self._prompts()
        numbered = all(prompt.strip("[]:").isdigit() for prompt in prompts)
        return idle and (numbered or self.errors() != [])

    def command(self, name: str, **arguments: str) -> None:
        """Has JupyterLab start something by the command's name; does not wait for its end."""
        self.page.evaluate(
            "([name, options]) => { window.jupyterapp.commands.execute(name, options); }", [name, arguments]
        )

    @contextlib.contextmanager
    def theme(self, name: str) -> Iterator[None]:
        """Shows JupyterLab in another theme for a while."""
        body = self.page.locator("body")
        before = body.get_attribute("data-jp-theme-name")
        assert before
        for theme in (name, before):
            self.command("apputils:change-theme", theme=theme)
            expect(body).to_have_attribute("data-jp-theme-name", theme, timeout=20 * SECOND)
            if theme == name:
                yield

    def errors(self) -> list[str]:
        """The errors among the outputs."""
        return self.page.locator(ERRORS).all_inner_texts()

    def cells(self) -> int:
        """How many cells the notebook has."""
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    def explorables(self) -> list["Explorable"]:
        """The pictures with controls, from top to bottom."""
        self.page.wait_for_timeout(300)
        cells = self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".explore-controls"))
        for cell in cells.all():
            expect(cell.locator(".explore-controls button").first).to_be_attached()
        return [Explorable(self, cell) for cell in cells.all()]


@dataclass
class Explorable:
    """A cell with controls and a picture."""

    notebook: Notebook
    cell: Locator

    @property
    def title(self) -> str:
        """What it is called."""
        name = self.cell.locator(".explore-controls").get_attribute("aria-label") or ""
        return name.removeprefix("Controls: ")

    @property
    def alt(self) -> str:
        """What the picture says."""
        return self.cell.locator(".jp-OutputArea-output img").get_attribute("alt") or ""

    def sliders(self) -> list[str]:
        """The names of the sliders that are to be seen."""
        found = self.cell.get_by_role("slider").all()
        return [slider.get_attribute("aria-label") or "" for slider in found]

    def slider(self, label: str) -> Locator:
        """A slider by its name."""
        return self.cell.get_by_role("slider", name=label, exact=True)

    def field(self, label: str) -> Locator:
        """The number field beside a slider."""
        return self.cell.get_by_role("spinbutton", name=f"{label}, typed", exact=True)

    def button(self, label: str) -> Locator:
        """A button by its name."""
        return self.cell.get_by_role("button", name=label, exact=True)

    def values(self) -> dict[str, Any]:
        """What the controls say, by label: numbers, the choices' values, the boxes."""
        root = self.cell.locator(".explore-controls")
        return root.evaluate(
            """root => {
              const values = {};
              for (const input of root.querySelectorAll('input[type=range]'))
                values[input.getAttribute('aria-label')] = Number(input.value);
              for (const select of root.querySelectorAll('select'))
                values[select.getAttribute('aria-label')] = select.value;
              for (const box of root.querySelectorAll('input[type=checkbox]'))
                values[box.parentElement.textContent] = box.checked;
              return values;
            }"""
        )


@contextlib.contextmanager
def opened(browser: Browser, server: Server, path: str, width: int = 1280) -> Iterator[Notebook]:
    """Opens a notebook of the server's folder in a page of its own."""
    with lab_page(browser, server, width) as page, opened_in(page, server, path) as notebook:
        yield notebook


@contextlib.contextmanager
def lab_page(browser: Browser, server: Server, width: int = 1280, script: str = "") -> Iterator[Page]:
    """A page for notebooks, one after the other; JupyterLab loads with the first. `script` runs before its own."""
    page = _context(browser).new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.set_default_timeout(20 * SECOND)
    page.add_init_script(script)
    page.on("dialog", lambda dialog: dialog.accept())  # nothing unsaved keeps it from loading anew
    try:
        yield page
    finally:
        page.close()


@contextlib.contextmanager
def opened_in(page: Page, server: Server, path: str) -> Iterator[Notebook]:
    """Opens a notebook in the page; afterwards the page has none, and the server no kernel.

    Where something failed, the page may be in any state, so that the next notebook has JupyterLab load anew.
    """
    notebook = Notebook(page)
    listeners: dict[str, Callable[[Any], None]] = {
        "pageerror": lambda error: _page_error(notebook, str(error)),
        "console": lambda message: _note(notebook, message),
        "request": lambda request: _note_request(notebook, request.url),
    }
    try:
        for event, listener in listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]
        if not page.url.startswith(server.address):
            page.goto(f"{server.address}/lab?reset&token={server.token}")
            page.wait_for_selector(".jp-DirListing-content", timeout=60 * SECOND)
        page.evaluate(_OPEN, path)
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=60 * SECOND)
        yield notebook
        page.evaluate(_CLOSE)
    except BaseException:
        page.goto("about:blank")
        raise
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        _shut_kernels(server)


# What JupyterLab and anywidget say for themselves on a busy machine: a question about the debugger is given up; a
# widget took over two seconds to load (`widget.js` has it listen all the same, and a test has every widget be late).
BUSY = ("Canceled future for create_subshell_request", "[anywidget] Failed to initialize model.")


def _page_error(notebook: Notebook, error: str) -> None:
    if not any(known in error for known in BUSY):
        notebook.complaints.append(f"page: {error}")


def _context(browser: Browser) -> BrowserContext:
    """One for all pages, so that only the first of them loads JupyterLab's scripts anew."""
    return browser.contexts[0] if browser.contexts else browser.new_context()


_OPEN = """async path => {
  await window.jupyterapp.restored;
  await window.jupyterapp.commands.execute('docmanager:open', {path});
}"""
# Unsaved changes are let go, or JupyterLab would ask.
_CLOSE = """() => {
  for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
    if (widget.context) widget.context.model.dirty = false;
    widget.close();
  }
}"""


def _shut_kernels(server: Server) -> None:
    """They would live on as long as the server."""
    headers = {"Authorization": f"token {server.token}"}
    address = f"{server.address}/api/sessions"
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
        sessions = json.load(answer)
    for session in sessions:
        request = urllib.request.Request(f"{address}/{session['id']}", headers=headers, method="DELETE")
        urllib.request.urlopen(request, timeout=60).close()


# What JupyterLab says for itself where a kernel is slow to start or ends.
NOT_OURS = ("Could not restore the debugger state",)


def _note(notebook: Notebook, message: Any) -> None:
    if message.type == "error" and not message.text.startswith(NOT_OURS):
        notebook.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")


def _note_request(notebook: Notebook, url: str) -> None:
    parts = urlparse(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
        notebook.strangers.append(url)
