"""Firefox, driven over WebDriver BiDi: it speaks that itself, on a socket of its own."""

import base64
import contextlib
import io
import itertools
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import websocket
from PIL import Image

from autograder.bench.browser import end, until

# A browser and its Python start slowly on a machine that has other things to do.
PATIENCE = 240
SPEAKS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
KEYS = {"ArrowRight": "\ue014"}
# What it says now and then of a formula whose parts are still to come when it is laid out. (That all are there once the
# page is loaded has a test of its own.)
HALF_THERE = "Invalid markup: Incorrect number of children"
BOX = """selector => { const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
  return [x, y, width, height]; }"""
# What it would ask of other machines for itself, and show.
PREFERENCES = {
    "app.update.disabledForTesting": True,
    # Its list of downloads would take the focus from the page.
    "browser.download.alwaysOpenPanel": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


@dataclass
class Firefox:
    """One page of the browser. `complaints` are errors in its console, `requests` the addresses that it asked for."""

    socket: websocket.WebSocket
    context: str = ""
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def command(self, method: str, **params: Any) -> Any:
        """Has the browser do something and gives what it answers; notes what happens meanwhile."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message["type"] == "event":
                self._note(message["method"], message["params"])
            elif message["id"] == number:
                assert message["type"] == "success", f"{method}: {message['message']}"
                return message["result"]

    def _note(self, event: str, params: Any) -> None:
        if event == "network.beforeRequestSent":
            self.requests.append(params["request"]["url"])
        elif params["level"] == "error" and not params["text"].startswith(HALF_THERE):
            self.complaints.append(params["text"])

    def goto(self, address: str) -> None:
        """Opens an address and waits until it is loaded."""
        self.command("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def reload(self) -> None:
        """Loads the page anew."""
        self.command("browsingContext.reload", context=self.context, wait="complete")

    def evaluate(self, expression: str, *arguments: Any) -> Any:
        """The value of a JavaScript expression, or of a function of these arguments; waits for promises."""
        if arguments:
            expression = f"({expression})(...{json.dumps(arguments)})"
        done = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert done["type"] == "success", f"{expression}: {done['exceptionDetails']['text']}"
        return json.loads(done["result"].get("value", "null"))

    def wait_for(self, expression: str) -> None:
        """Waits until the expression is true."""
        until(lambda: bool(self.evaluate(expression)), expression, PATIENCE, pause=0.1)

    def press(self, key: str) -> None:
        """Presses a key of KEYS and lets it go."""
        actions = [{"type": name, "value": KEYS[key]} for name in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self.command("input.performActions", context=self.context, actions=[keyboard])

    def brightness(self, selector: str) -> float:
        """How bright an element looks on average, from 0 (black) to 255; it is scrolled into sight."""
        self.evaluate("selector => document.querySelector(selector).scrollIntoView()", selector)
        box = self.evaluate(BOX, selector)
        clip = {"type": "box", **dict(zip(("x", "y", "width", "height"), box, strict=True))}
        shot = self.command("browsingContext.captureScreenshot", context=self.context, clip=clip)
        return float(np.mean(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("L")))

    def resize(self, width: int, height: int = 900) -> None:
        """Gives the page another size."""
        viewport = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self.context, viewport=viewport)


@contextlib.contextmanager
def started(executable: str, folder: Path) -> Iterator[Firefox]:
    """The browser without a window; whatever it keeps, and what is downloaded, is in the folder."""
    profile = folder / "profile"
    profile.mkdir()
    preferences = PREFERENCES | {"browser.download.folderList": 2, "browser.download.dir": str(folder)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines))
    options = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    own = os.environ | {"HOME": str(folder)}
    log = folder / "firefox.log"
    with log.open("w") as written:
        process = subprocess.Popen([executable, *options], env=own, stdout=written, stderr=written)

    def speaks() -> re.Match[str] | None:
        assert process.poll() is None, f"Firefox ended at once:\n{log.read_text()[-3000:]}"
        return SPEAKS.search(log.read_text())

    try:
        until(lambda: speaks() is not None, "Firefox answers", PATIENCE, pause=0.1)
        found = speaks()
        assert found
        # With an origin, as a page would have it, Firefox refuses.
        socket = websocket.create_connection(f"{found[1]}/session", timeout=PATIENCE, suppress_origin=True)
        firefox = Firefox(socket)
        firefox.command("session.new", capabilities={})
        firefox.command("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        # The tab that it starts with never has the focus: no ring is drawn there, and JupyterLab knows no notebook.
        firefox.context = firefox.command("browsingContext.create", type="tab")["context"]
        yield firefox
        socket.close()
    finally:
        end(process)
