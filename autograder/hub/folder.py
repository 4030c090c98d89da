"""A hub's folder: where its parts lie, which classes it has, and who is in them."""

import json
import os
import pwd
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.class_folder import CONFIG, ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.intake.roster import read_roster

# What JupyterHub and a machine's list of users both take for a name.
NAME = re.compile(r"[a-z0-9_][a-z0-9._-]*")
STUDENTS, INSTRUCTORS = "nbgrader-", "formgrade-"  # nbgrader's names of groups: these and the course's id


class HubError(GradeFault):
    """The hub cannot be started; the message is one sentence: what is wrong, where, what to do."""


@dataclass(frozen=True)
class HubFolder:
    """The folder that the command `hub` serves."""

    path: Path

    @property
    def classes(self) -> Path:
        """The class folders, as `class` makes them."""
        return self.path / "classes"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange, which all classes and students share."""
        return self.path / "exchange"

    @property
    def students(self) -> Path:
        """What the students' servers read: the course without answers, and nbgrader's settings."""
        return self.path / "students"

    @property
    def homes(self) -> Path:
        """The home folders of who tries it out."""
        return self.path / "homes"

    @property
    def state(self) -> Path:
        """What JupyterHub keeps for itself."""
        return self.path / "hub"

    @property
    def config(self) -> Path:
        """JupyterHub's configuration, which may be added to."""
        return self.path / "jupyterhub_config.py"

    def courses(self) -> list["HubCourse"]:
        """The classes by their names; a HubError says which cannot be served, or that there is none."""
        folders = [each for each in sorted(self.classes.glob("*")) if ClassFolder(each).is_one]
        if not folders:
            raise HubError(
                f"{self.classes} has no class folder: make one with `python3 -m autograder class "
                f"{self.classes / 'ID'} --course-id ID`"
            )
        found: dict[str, HubCourse] = {}
        for each in folders:
            one = HubCourse(str(ClassFolder(each).config().CourseDirectory.course_id), each)
            if one.id in found:
                raise HubError(
                    f"{found[one.id].path} and {each} are both called {one.id} in the exchange: "
                    f"change course_id in {each / CONFIG}"
                )
            found[one.id] = one
        return list(found.values())


@dataclass(frozen=True)
class HubCourse:
    """A class on the hub: its id in the exchange, and its folder."""

    id: str
    path: Path

    @property
    def owner(self) -> str:
        """The account that the class folder belongs to: its formgrader runs as that."""
        return pwd.getpwuid(self.path.stat().st_uid).pw_name

    def students(self) -> list[str]:
        """Who stands in roster.csv; a GradeFault says who cannot log in under that name."""
        return [self._name(each.id, ClassFolder(self.path).roster) for each in read_roster(self.path)]

    def instructors(self) -> list[str]:
        """Who stands in instructors.txt, a name a line; whom the folder belongs to, where there is no such file."""
        path = ClassFolder(self.path).instructors
        if not path.is_file():
            return [self.owner]
        lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
        return [self._name(line, path) for line in lines if line]

    def _name(self, name: str, path: Path) -> str:
        if not NAME.fullmatch(name):
            raise HubError(
                f"{path}: nobody can log in as {name!r}: small letters, digits, dots, dashes and underscores can be"
            )
        return name


def groups_of(name: str, courses: list[HubCourse]) -> list[str]:
    """The groups of a person, by which nbgrader tells their courses: nbgrader-ID, formgrade-ID."""
    return list(_groups(name, courses))


def _groups(name: str, courses: list[HubCourse]) -> Iterator[str]:
    for each in courses:
        if name in each.students():
            yield STUDENTS + each.id
        if name in each.instructors():
            yield INSTRUCTORS + each.id


STUDENTS_SETTINGS = """\
# nbgrader's settings for the students' servers. Written anew by every start of the hub.
import os

c = get_config()
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
c.Exchange.root = {exchange}
c.Exchange.path_includes_course = True
c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
"""
CLASS_SETTINGS = """
# The hub's exchange; written by `hub`.
get_config().Exchange.root = {exchange}
"""


def prepare(hub: HubFolder, as_root: bool) -> list[HubCourse]:
    """Makes what is missing around the classes, and returns them: exchange, students' copy, JupyterHub's own folder.

    A class that has no exchange yet gets this one, by a line at the end of its nbgrader_config.py.
    """
    from autograder.build.release import copy_kit

    courses = hub.courses()
    for each in courses:
        each.students(), each.instructors()
        _join_exchange(hub, each)
    hub.exchange.mkdir(exist_ok=True)
    hub.exchange.chmod(0o1777)
    for each in courses:
        folder = hub.exchange / each.id
        if not folder.exists():
            folder.mkdir(mode=0o755)
            if as_root:
                os.chown(folder, each.path.stat().st_uid, each.path.stat().st_gid)
    hub.state.mkdir(exist_ok=True)
    hub.state.chmod(0o700)
    copy_kit(hub.students / "course")
    settings = STUDENTS_SETTINGS.format(exchange=json.dumps(str(hub.exchange)))
    (hub.students / CONFIG).write_text(settings, encoding="utf-8")
    return courses


def _join_exchange(hub: HubFolder, one: HubCourse) -> None:
    config = ClassFolder(one.path).config().Exchange
    if "root" not in config:
        with (one.path / CONFIG).open("a", encoding="utf-8") as file:
            file.write(CLASS_SETTINGS.format(exchange=json.dumps(str(hub.exchange))))
    elif Path(config.root) != hub.exchange:
        raise HubError(
            f"{one.path / CONFIG} names another exchange, {config.root}: take that line away, and start again"
        )
