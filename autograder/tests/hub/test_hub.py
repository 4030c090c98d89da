"""A JupyterHub with two courses, started by its command: students and instructors from the release to the feedback.

It is started once, with the proxy from npm. Whoever waits here waits for a state; the seconds only end a wait in vain.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
import requests

from autograder import bank, cli, course
from autograder.bench.browser import Notebook, until
from autograder.build.notebook import checked
from autograder.grading.class_folder import make_class
from autograder.grading.sample.sample_class import STUDENTS, submission
from autograder.hub import proxy
from autograder.hub.folder import HubError
from autograder.hub.settings import PASSWORD_VARIABLE, free_port
from autograder.tests.conftest import write_notebook
from autograder.tests.desk.test_way_of_a_class import in_a_process

if TYPE_CHECKING:
    from autograder.bench.browser import Browser, Page

LESSON = "04-softmax"
PASSWORD = "correct-horse"
SECONDS = 300
# Of each course: its student and its instructor.
PEOPLE = {"first": ("ada", "grace"), "second": ("bob", "max")}
# What the tests need in JupyterLab's page; and that a person's own lines in the configuration count.
OWN_LINES = """
c.Spawner.args += ["--LabApp.expose_app_in_browser=True"]
c.LocalProcessSpawner.interrupt_timeout = 1
"""
# A student's own notebook: where the kit lies, and that no answers can be imported; a check; a picture with sliders.
WORK = """
import importlib.util
import numpy as np
import autograder
from autograder.kit import check, explore
print("kit:", autograder.__file__, "bank:", importlib.util.find_spec("autograder.bank"))
---
def shift_logits(z):
    return z - np.max(z, axis=-1, keepdims=True)
check("shift_logits", shift_logits)
---
explore.softmax()
"""

pytestmark = pytest.mark.needs("bubblewrap", "Node.js")


@dataclass
class Hub:
    """The running hub: its folder and its address."""

    folder: Path
    address: str

    def session(self, name: str) -> requests.Session:
        """Somebody who has logged in, or tried to."""
        session = requests.Session()
        session.get(f"{self.address}/hub/login", timeout=SECONDS)
        form = {
            "username": name,
            "password": PASSWORD,
            "_xsrf": session.cookies.get("_xsrf", path="/hub/") or "",
        }
        session.post(f"{self.address}/hub/login", data=form, timeout=SECONDS, allow_redirects=False)
        return session

    def formgrader(self, name: str, course_id: str, *actions: str) -> requests.Session:
        """Has an instructor open their course's formgrader, and press its buttons for the lesson."""
        session = self.session(name)
        root = f"{self.address}/services/{course_id}"
        session.get(f"{root}/formgrader", timeout=SECONDS).raise_for_status()
        token = session.cookies.get("_xsrf", path=f"/services/{course_id}/") or ""
        for action in actions:
            url = f"{root}/formgrader/api/assignment/{LESSON}/{action}"
            answer = session.post(url, headers={"X-XSRFToken": token}, timeout=SECONDS)
            assert answer.json()["success"], answer.json()
        return session


@pytest.fixture(scope="module")
def hub(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Two classes with one lesson, released; by its formgrader in the first, put there in the second."""
    try:
        proxy.install(print)
    except HubError as fault:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(fault))
    folder = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "LESSONS", (course.lesson(LESSON),))
        for course_id, (student, instructor) in PEOPLE.items():
            place = folder / "classes" / course_id
            make_class(place, course_id)
            (place / "roster.csv").write_text(f"id,name\n{student},{student.title()}\n")
            (place / "instructors.txt").write_text(f"{instructor}  # who grades\n")
    config = (Path(proxy.__file__).parent / "jupyterhub_config.py").read_text()
    (folder / "jupyterhub_config.py").write_text(config + OWN_LINES)
    (folder / "home").mkdir()
    with running(folder) as hub:
        hub.formgrader("grace", "first", "assign", "release")
        released = Path("outbound") / LESSON
        shutil.copytree(folder / "exchange/first" / released, folder / "exchange/second" / released)
        yield hub


@pytest.fixture(scope="module")
def page(hub: Hub, chromium: "Browser") -> Iterator["Page"]:
    """Ada's browser, logged in, with the Assignment List before her."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{hub.address}/hub/login")
    page.fill("#username_input", "ada")
    page.fill("#password_input", PASSWORD)
    page.click("#login_submit")
    page.wait_for_selector(".jp-Launcher")
    page.evaluate("window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    yield page
    context.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Hub]:
    """The hub, started as a person would to try it out, in a home folder of its own."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "autograder.cli", "hub", str(folder), "--try-out", f"--url={address}"]
    environment = os.environ | {PASSWORD_VARIABLE: PASSWORD, "HOME": str(folder / "home")}
    log = folder / "log.txt"
    with log.open("w") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
    try:
        until(lambda: "JupyterHub is now running" in _said(log, process), "the hub runs", SECONDS)
        yield Hub(folder, address)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(log: Path, process: "subprocess.Popen[bytes]") -> str:
    said = log.read_text(errors="replace")
    assert process.poll() is None, f"the hub ended at once:\n{said[-3000:]}"
    return said


def test_everybody_sees_their_own_course(hub: Hub) -> None:
    in_first = hub.session("grace")
    for course_id, code in (("first", 200), ("second", 403)):
        assert in_first.get(f"{hub.address}/services/{course_id}/lab", timeout=SECONDS).status_code == code
    student = hub.session("ada")
    assert student.get(f"{hub.address}/services/first/lab", timeout=SECONDS).status_code == 403
    assert "Logout" not in hub.session("eve").get(f"{hub.address}/hub/home", timeout=SECONDS).text
    assert "Logout" in student.get(f"{hub.address}/hub/home", timeout=SECONDS).text


def test_from_fetching_to_reading_the_feedback(hub: Hub, page: "Page") -> None:
    lists = {name: page.locator(f"#{name}_assignments_list") for name in ("released", "fetched", "submitted")}
    lists["released"].get_by_role("button", name="Fetch").click()
    assert page.locator("#course_list li").all_inner_texts() == ["first"]
    lists["fetched"].get_by_role("button", name="Submit").wait_for()
    home = hub.folder / "homes" / "ada"
    path = Path("first") / LESSON / f"{LESSON}.ipynb"
    assert (home / path).is_file()
    write_notebook(home / "first" / "own.ipynb", WORK)
    _work(page, "first/own.ipynb", hub.folder / "students" / "course")
    ada = next(each for each in STUDENTS if each.name == "ada")
    nbformat.write(submission(ada, checked(course.lesson(LESSON))), home / path)

    page.evaluate("window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")
    lists["fetched"].get_by_role("button", name="Submit").click()
    lists["submitted"].get_by_text(LESSON).first.wait_for()
    hub.formgrader("grace", "first", "collect")
    group = hub.folder / "classes" / "first"
    in_a_process(lambda: cli.app(["grade", str(group), "--seed", "5"], prog_name="autograder"), hub.folder)
    hub.formgrader("grace", "first", "release_feedback")
    page.locator("#refresh_assignments_list").click()
    lists["submitted"].get_by_role("button", name="Fetch Feedback").click()
    place = home / "first" / LESSON / "feedback"
    until(lambda: any(place.rglob("*.html")), "the feedback is there", SECONDS)
    [feedback] = place.rglob("*.html")
    assert "<b>17 of 19 points</b>" in feedback.read_text()


def _work(page: "Page", path: str, kit: Path) -> None:
    """Runs a notebook in JupyterLab, and moves a slider; the picture follows."""
    page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}); }", path)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    notebook = Notebook(page)
    notebook.run_all(SECONDS)
    assert notebook.errors() == []
    page.get_by_text(f"kit: {kit / 'autograder' / '__init__.py'} bank: None").wait_for()
    points = bank.exercises()["shift_logits"].points
    page.get_by_text(f"shift_logits: {points:g} of {points:g} points").first.wait_for()
    page.locator(".explore-controls button").first.wait_for(state="attached")
    [explorable] = notebook.explorables()
    before = explorable.alt
    explorable.cell.get_by_role("slider").first.press("ArrowRight")
    until(lambda: explorable.alt != before, "the picture follows the slider", SECONDS)
