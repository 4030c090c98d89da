"""A hub's folder before anything is started: who is in which course, what is refused, who may read what."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.hub import access, proxy
from autograder.hub.folder import HubError, HubFolder, groups_of, prepare
from autograder.hub.settings import PASSWORD_VARIABLE, configure

SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = {id!r}\n"


def add_class(
    hub: HubFolder, name: str, course_id: str, roster: str = "id,name\n", instructors: str = ""
) -> Path:
    folder = hub.classes / name
    ClassFolder(folder).source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(SETTINGS.format(id=course_id))
    ClassFolder(folder).roster.write_text(roster)
    if instructors:
        ClassFolder(folder).instructors.write_text(instructors)
    return folder


@pytest.fixture
def hub(tmp_path: Path) -> HubFolder:
    hub = HubFolder(tmp_path)
    add_class(hub, "a", "nn-a", "id,name\nada,Ada\nbob,Bob\n", "grace\n\n# a comment\nmax # the tutor\n")
    add_class(hub, "b", "nn-b", "id,name\nbob,Bob\ngrace,Grace\n", "max\n")
    return hub


def test_a_person_is_in_the_courses_whose_files_name_them(hub: HubFolder) -> None:
    courses = hub.courses()
    assert groups_of("ada", courses) == ["nbgrader-nn-a"]
    assert groups_of("bob", courses) == ["nbgrader-nn-a", "nbgrader-nn-b"]
    assert groups_of("grace", courses) == ["formgrade-nn-a", "nbgrader-nn-b"]
    assert groups_of("eve", courses) == []


def test_without_a_list_of_instructors_the_folders_owner_grades(hub: HubFolder) -> None:
    add_class(hub, "c", "nn-c")
    [course] = [each for each in hub.courses() if each.id == "nn-c"]
    assert course.instructors() == [course.owner]


@pytest.mark.parametrize(
    ("id", "roster", "said"),
    [
        ("nn-a", "id\neve\n", "are both called nn-a in the exchange"),
        ("nn-c", "id\nEve\n", "nobody can log in as 'Eve'"),
        ("nn-c", "id\neve\neve\n", "line 3: the id 'eve' is in line 2 too"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_sentence(hub: HubFolder, id: str, roster: str, said: str) -> None:
    add_class(hub, "c", id, roster)
    with pytest.raises(GradeFault, match=said):
        prepare(hub, as_root=False)
    assert not hub.exchange.exists()


def test_a_folder_without_classes_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HubError, match="autograder class .*--course-id"):
        HubFolder(tmp_path).courses()


def test_a_class_gets_the_exchange_once_and_another_one_is_left_alone(hub: HubFolder) -> None:
    first = prepare(hub, as_root=False)[0].path
    once = (first / "nbgrader_config.py").read_text()
    prepare(hub, as_root=False)
    assert (first / "nbgrader_config.py").read_text() == once
    assert ClassFolder(first).config().Exchange.root == str(hub.exchange)
    assert (hub.exchange / "nn-a").stat().st_mode & 0o777 == 0o755
    assert hub.state.stat().st_mode & 0o777 == 0o700
    with (hub.classes / "b" / "nbgrader_config.py").open("a") as file:
        file.write("c.Exchange.root = '/elsewhere'\n")
    with pytest.raises(HubError, match="names another exchange, /elsewhere"):
        prepare(hub, as_root=False)


def test_students_get_the_kit_and_no_answers(hub: HubFolder) -> None:
    prepare(hub, as_root=False)
    there = {path.name for path in (hub.students / "course" / "autograder").iterdir()}
    assert "kit" in there
    assert there.isdisjoint({"bank", "grading", "build", "tests"})


@pytest.mark.parametrize("password", [None, "correct-horse"])
def test_formgraders_run_as_who_owns_the_class(
    hub: HubFolder, password: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    if password:
        monkeypatch.setenv(PASSWORD_VARIABLE, password)
    config = Config()
    configure(config, hub.path)
    for service, one in zip(config.JupyterHub.services, hub.courses(), strict=True):
        assert service.get("user") == (None if password else one.owner)
        assert ("--allow-root" in service["command"]) == bool(password)
    assert ("--allow-root" in config.Spawner.args) == bool(password)
    assert config.JupyterHub.authenticator_class == ("shared-password" if password else "pam")
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert all(str(hub.path) in each for each in config.Spawner.environment["JUPYTER_CONFIG_PATH"].split(":"))


@pytest.fixture
def file() -> Iterator[Path]:
    """A file in a folder of the system's for such files: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "file"
        file.write_text("")
        yield file


def test_who_can_read_a_file_is_told_from_all_folders_above_it(file: Path) -> None:
    user, group = file.stat().st_uid, file.stat().st_gid
    for folder, whole, expected in (
        (0o755, 0o644, (True, True, True)),
        (0o750, 0o644, (True, True, False)),
        (0o700, 0o644, (True, False, False)),
        (0o755, 0o600, (True, False, False)),
        (0o711, 0o604, (True, False, True)),
    ):
        file.parent.chmod(folder)
        file.chmod(whole)
        told = (access.can_read(file, user), access.can_read(file, -1, [group]), access.can_read(file))
        assert told == expected, (oct(folder), oct(whole))


def test_open_answers_are_refused_with_the_command_that_closes_them(
    hub: HubFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = {hub.classes / "a"}
    monkeypatch.setattr(access, "can_read", lambda path, *who: bool(who) or path in opened)
    with pytest.raises(HubError, match=f"can read {hub.classes / 'a'}, .*`chmod o= {hub.classes / 'a'}`"):
        access.see_to_it(hub, hub.courses())
    opened.clear()
    with pytest.raises(HubError, match="which not every user of this machine can read"):
        access.see_to_it(hub, hub.courses())


def test_without_node_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy.shutil, "which", lambda name: None)
    with pytest.raises(HubError, match="Node.js, which is not on the PATH: install Node.js 18"):
        proxy.install(print)


def test_the_proxys_lock_has_hashes_and_names_no_place() -> None:
    packages = json.loads((proxy.WANTED / "package-lock.json").read_text())["packages"]
    assert (
        packages.pop("")["dependencies"]
        == json.loads((proxy.WANTED / "package.json").read_text())["dependencies"]
    )
    assert len(packages) > 20
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name
