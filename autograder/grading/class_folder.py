"""A class folder: nbgrader's folders of a course, the gradebook, and what the grader keeps beside them.

Everything that asks where something of a class lies asks here: paths, the gradebook's address, nbgrader's
configuration, and the lock that two gradings share.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import course
from autograder.grading.errors import BusyError, SourceError

if TYPE_CHECKING:
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"
# What nbgrader takes for a folder of its exchange, and no shell minds.
COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class ClassFolder:
    """The class folder at `path`. `db` is the gradebook's URL where it is not CLASS/gradebook.db."""

    path: Path
    db: str | None = None

    # Folders

    @property
    def source(self) -> Path:
        """The lessons with answers and hidden tests: the master copies."""
        return self.path / "source"

    @property
    def submitted(self) -> Path:
        """What students handed in: STUDENT/LESSON/."""
        return self.path / "submitted"

    @property
    def submitted_before(self) -> Path:
        """What lay in `submitted` until something newer came: STUDENT/LESSON/TIME/."""
        return self.path / "submitted_before"

    @property
    def autograded(self) -> Path:
        """The graded notebooks: STUDENT/LESSON/."""
        return self.path / "autograded"

    @property
    def feedback(self) -> Path:
        """The pages that students get back: STUDENT/LESSON/."""
        return self.path / "feedback"

    @property
    def records(self) -> Path:
        """What the grader keeps for itself: journal, class table, lock."""
        return self.path / "grading"

    # Files

    def master(self, lesson: str) -> Path:
        """The master copy of a lesson."""
        return self.source / lesson / f"{lesson}.ipynb"

    def handed_in(self, student: str, lesson: str) -> Path:
        """The folder of a submission."""
        return self.submitted / student / lesson

    def graded(self, student: str, lesson: str) -> Path:
        """The graded notebook of a submission."""
        return self.autograded / student / lesson / f"{lesson}.ipynb"

    def page(self, student: str, lesson: str) -> Path:
        """The feedback page of a submission."""
        return self.feedback / student / lesson / f"{lesson}.html"

    @property
    def journal(self) -> Path:
        """The record of runs and of graded submissions."""
        return self.records / "journal.jsonl"

    @property
    def roster(self) -> Path:
        """Who is in the class: id, name, email, the numbers of Canvas and Moodle. There need be none."""
        return self.path / "roster.csv"

    @property
    def instructors(self) -> Path:
        """Who grades it on a JupyterHub, a name a line. There need be no such file."""
        return self.path / "instructors.txt"

    @property
    def due(self) -> Path:
        """When lessons are due. There need be no such file."""
        return self.path / "due.csv"

    @property
    def packages(self) -> Path:
        """Which packages notebooks may import beside the course's own. There need be no such file."""
        return self.path / "packages.txt"

    @property
    def adjustments(self) -> Path:
        """What an instructor changed about points afterwards."""
        return self.records / "adjustments.jsonl"

    @property
    def requests(self) -> Path:
        """What students asked to have looked at again, and what came of it."""
        return self.records / "requests.jsonl"

    @property
    def written(self) -> Path:
        """What was given for written answers on the page of `written`."""
        return self.records / "written.jsonl"

    @property
    def taken_in(self) -> Path:
        """What `intake` took in, and from where."""
        return self.records / "taken_in.jsonl"

    @property
    def table(self) -> Path:
        """The class as a table: points, status and notes."""
        return self.records / "class.csv"

    @property
    def gradebook(self) -> Path:
        """The gradebook's file, where no other address is given."""
        return self.path / "gradebook.db"

    # The rest

    @property
    def url(self) -> str:
        """The gradebook's address for SQLAlchemy. PostgreSQL is reached by psycopg 3, which the lock installs."""
        if self.db is None:
            return f"sqlite:///{self.gradebook.resolve()}"
        kind, colon, rest = self.db.partition("://")
        return f"postgresql+psycopg://{rest}" if colon and kind in ("postgres", "postgresql") else self.db

    @property
    def is_one(self) -> bool:
        """Whether this is a class folder, as the command `class` makes it."""
        return self.source.is_dir() and (self.path / CONFIG).is_file()

    def config(self) -> "Config":
        """nbgrader's configuration as the class folder has it; an empty one without nbgrader_config.py."""
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        if not (self.path / CONFIG).exists():
            return Config()
        return PyFileConfigLoader(CONFIG, path=str(self.path)).load_config()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the class folder's lock; a BusyError where another grading holds it."""
        import fcntl  # not on Windows, where nothing is graded

        self.records.mkdir(parents=True, exist_ok=True)
        with (self.records / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BusyError(
                    f"another `grade` is at work in {self.path}: wait for it, or end it"
                ) from None
            yield


def make_class(directory: Path, course_id: str | None = None) -> None:
    """Makes a new class folder: the source notebooks with answers and hidden tests, and nbgrader_config.py.

    `course_id` is the class's in nbgrader's exchange, where several share one. A SourceError says that it cannot be
    one, or that the folder lies in another class's.
    """
    import nbformat

    from autograder.build.notebook import checked
    from autograder.build.release import new_folder

    if course_id is not None and not COURSE_ID.fullmatch(course_id):
        raise SourceError(
            f"{course_id!r} cannot be a course's id: letters, digits, dots, dashes and underscores can"
        )
    around = next((each for each in directory.resolve().parents if ClassFolder(each).is_one), None)
    if around:
        raise SourceError(f"{around} is a class folder already: make the new one beside it, not in it")
    new_folder(directory)
    group = ClassFolder(directory)
    for lesson in course.LESSONS:
        master = group.master(lesson.name)
        master.parent.mkdir(parents=True)
        nbformat.write(checked(lesson).source, master)
    text = (course.ROOT / CONFIG).read_text(encoding="utf-8")
    if course_id is not None:
        text = text.replace("configure(get_config())", f"configure(get_config(), course_id={course_id!r})")
    (directory / CONFIG).write_text(text, encoding="utf-8")
