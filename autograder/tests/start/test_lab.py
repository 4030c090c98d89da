"""How JupyterLab is set up: what `lab` passes on is understood, and the connection to the kernel does not wait."""

import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from autograder import course, lab
from autograder.lab.connection import PromptConnection
from autograder.lab.saving import CONTROLS, without_controls


def test_the_server_takes_the_connection_that_does_not_wait() -> None:
    app = ServerApp()
    app.parse_command_line([option for option in lab.options() if option.startswith("--ServerApp")])
    assert app.kernel_websocket_connection_class is PromptConnection


def test_it_switches_the_wait_off_and_then_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    class Handler:
        def set_nodelay(self, value: bool) -> None:
            done.append(value)

    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: done.append("connected"))
    monkeypatch.setattr(PromptConnection, "websocket_handler", Handler())
    PromptConnection.__new__(PromptConnection).connect()
    assert done == [True, "connected"]


def test_saved_controls_give_way_to_the_sentence_beside_them_and_to_nothing_else() -> None:
    live = {CONTROLS: {"model_id": "1"}, "text/html": "<p>Controls</p>"}
    someone_elses = {CONTROLS: {"model_id": "2"}, "text/plain": "IntSlider()"}
    outputs = [{"data": dict(live)}, {"data": dict(someone_elses)}, {"output_type": "stream", "text": "x"}]
    content = {"cells": [{"source": "text"}, {"outputs": outputs}]}
    without_controls({"type": "notebook", "content": content}, path="a.ipynb", contents_manager=None)
    assert outputs[0]["data"] == {"text/html": "<p>Controls</p>"}
    assert outputs[1:] == [{"data": someone_elses}, {"output_type": "stream", "text": "x"}]
    for other in ({"type": "file", "content": "text"}, {"type": "notebook", "content": None}):
        without_controls(dict(other))


def test_nbconvert_with_our_settings_names_no_script_of_another_machine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", f"--config={lab.EXPORT}"]
    command += [f"--output-dir={tmp_path}", "--output=page", str(course.lesson("04-softmax").notebook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<script src="http' not in page
    assert page.count("<math") > 50
