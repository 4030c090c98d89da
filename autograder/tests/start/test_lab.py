"""How JupyterLab is set up: what `lab` passes on is understood, and the connection to the kernel does not wait."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from autograder import course, lab
from autograder.lab import extensions, homes
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


# A server as `lab` starts it, up to where it would wait for somebody; prints what it has.
SERVER = """
import asyncio, json, sys
from jupyter_core.paths import jupyter_path
from jupyter_server.serverapp import ServerApp
from jupyterlab_server.config import get_page_config
app = ServerApp()
app.initialize(["--ServerApp.port=0", "--allow-root", "--ServerApp.root_dir=" + sys.argv[1]], new_httpserver=False)
async def start():
    await app.extension_manager.start_all_extensions()
    saved = app.contents_manager.save(json.loads(sys.argv[2]), "a.ipynb")
    if asyncio.iscoroutine(saved):
        await saved
asyncio.run(start())
print(json.dumps({
    "hidden": list(get_page_config(jupyter_path("labextensions")).get("disabledExtensions", {})),
    "served": [name for name, each in app.extension_manager.extensions.items() if each.enabled],
}))
"""
OWN_HOOK = """
def mark(model, **_):
    if model["type"] == "notebook":
        model["content"]["metadata"]["marked"] = True
c = get_config()
c.FileContentsManager.pre_save_hook = mark
"""
LIVE = {CONTROLS: {"model_id": "1"}, "text/html": "<p>Controls</p>"}


@pytest.fixture(scope="module", params=[True, False], ids=["a student's", "a class folder's"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bool, dict[str, Any], dict[str, Any]]:
    """Whose it is, what it has, and the notebook that it saved; the person has a hook of their own."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.py").write_text(OWN_HOOK)
    output = {"output_type": "display_data", "metadata": {}, "data": LIVE}
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": "",
        "execution_count": 1,
        "outputs": [output],
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    model = {"type": "notebook", "format": "json", "content": notebook}
    private = {"HOME": str(folder)}
    for name in ("CONFIG", "RUNTIME", "DATA"):
        private[f"JUPYTER_{name}_DIR"] = str(folder / name.lower())
    done = subprocess.run(
        [sys.executable, "-c", SERVER, str(folder), json.dumps(model)],
        env=os.environ | private | lab.environment(request.param),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return (
        request.param,
        json.loads(done.stdout.split("\n")[-2]),
        json.loads((folder / "a.ipynb").read_text()),
    )


def test_students_do_not_see_what_nbgrader_has_for_instructors(
    server: tuple[bool, dict[str, Any], dict[str, Any]],
) -> None:
    for_students, has, _ = server
    for name in ("formgrader", "create-assignment", "course-list"):
        assert (f"@jupyter/nbgrader:{name}" in has["hidden"]) == for_students
    for name in ("formgrader", "course_list"):
        assert (f"nbgrader.server_extensions.{name}" in has["served"]) != for_students


def test_everybody_has_the_validate_button(server: tuple[bool, dict[str, Any], dict[str, Any]]) -> None:
    _, has, _ = server
    assert "@jupyter/nbgrader:validate-assignment" not in has["hidden"]
    assert "nbgrader.server_extensions.validate_assignment" in has["served"]


def test_a_persons_own_hook_and_ours_both_run_before_a_notebook_is_saved(
    server: tuple[bool, dict[str, Any], dict[str, Any]],
) -> None:
    _, _, saved = server
    assert saved["metadata"]["marked"] is True
    assert list(saved["cells"][0]["outputs"][0]["data"]) == ["text/html"]


class App:
    """As much of a Jupyter server as the extension looks at."""

    class web_app:
        settings: dict[str, Any]


@pytest.mark.parametrize("has_a_hook", [True, False])
def test_what_only_jupyterlite_can_load_is_not_in_the_page(has_a_hook: bool) -> None:
    """`site` installs it; a page that tries to load it complains of a missing module."""
    app = App()
    app.web_app.settings = (
        {"page_config_hook": lambda _, config: {**config, "own": True}} if has_a_hook else {}
    )
    extensions._load_jupyter_server_extension(app)
    installed = [{"name": name} for name in ("anywidget", "@jupyterlite/pyodide-kernel-extension", "x")]
    sent = app.web_app.settings["page_config_hook"](None, {"federated_extensions": installed})
    assert [each["name"] for each in sent["federated_extensions"]] == ["anywidget", "x"]
    assert ("own" in sent) == has_a_hook


# How it is opened


def opened(*further: str, for_students: bool = True) -> lab.Opening:
    return lab.opening(course.LESSONS_DIR, further, for_students)


def test_options_of_a_persons_own_come_last() -> None:
    command = opened("--no-browser", "--port=8899").command
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-2:] == ["--no-browser", "--port=8899"]


def test_root_may_start_it_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    opening = opened()
    assert "--allow-root" in opening.command
    assert "You are root" in opening.said[-1]
    assert opened("--allow-root").said == []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--allow-root" not in opened().command


def test_a_home_that_can_be_written_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.delenv(name, raising=False)
    assert homes.writable() == ({}, [])


@pytest.mark.skipif(os.name != "posix", reason="a home that cannot be written is set by its variable")
def test_jupyterlab_starts_with_a_home_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/somebody/elses")
    monkeypatch.setattr(homes, "OWN", tmp_path / "own")
    opening = opened()
    assert "cannot be written" in opening.said[0]
    assert str(tmp_path / "own") in opening.said[0]
    places = opening.environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert places[:2] == [str(lab.FOR_STUDENTS), str(lab.FOR_ALL)]
    assert "/somebody/elses" in places
    code = (
        "from jupyter_server.serverapp import ServerApp\n"
        "app = ServerApp(); app.initialize(['--ServerApp.port=0', '--allow-root'], new_httpserver=False)\n"
        "app.write_server_info_file(); print(app.info_file)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | opening.environment, cwd=tmp_path,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / "own"))


def test_a_shared_installation_that_cannot_be_written_either_gets_a_folder_of_the_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setattr(homes, "OWN", Path("/dev/null/own"))
    variables, said = homes.writable()
    own = Path(variables["JUPYTER_RUNTIME_DIR"]).parent
    assert own.is_dir()
    assert str(own) in said[0]
    own.rmdir()
