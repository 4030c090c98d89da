"""What was taken in, and from where: by it a person is known again, and a feedback page finds its way back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.grading.class_folder import ClassFolder


@dataclass(frozen=True)
class Origin:
    """One submission that was taken in.

    `system` is "canvas", "moodle", "exchange" or nothing; `name` and `number` are what it calls the student, `email`
    what a worksheet says. `outer` is the outermost name in what it gave, by which a file goes back; `folder` is
    whether that is a folder. `late` is what Canvas says, and `order` the number of the upload.
    """

    student: str
    lesson: str
    system: str = ""
    name: str = ""
    number: str = ""
    email: str = ""
    outer: str = ""
    folder: bool = False
    late: bool = False
    order: list[int] = field(default_factory=list)


class Origins:
    """The records of a class, by what they are asked for."""

    def __init__(self, directory: Path) -> None:
        self.path = ClassFolder(directory).taken_in
        self.of: dict[tuple[str, str], Origin] = {}
        self.known: dict[tuple[str, str], str] = {}
        text = self.path.read_text(encoding="utf-8") if self.path.is_file() else ""
        for line in text.splitlines():
            try:
                self._take(Origin(**json.loads(line)))
            except (ValueError, TypeError):  # a line cut short by a power cut
                continue

    def _take(self, record: Origin) -> None:
        self.of[record.student, record.lesson] = record
        if record.number:
            self.known[record.system, record.number] = record.student
        if record.email:
            self.known["email", record.email.casefold()] = record.student

    def named(self, system: str, name: str) -> set[str]:
        """The students whom a system calls by this name."""
        return {each.student for each in self.of.values() if each.system == system and each.name == name}

    def add(self, records: Iterable[Origin], dry_run: bool = False) -> None:
        """Remembers what was taken in; with `dry_run` only until the end of this run."""
        records = list(records)
        for record in records:
            self._take(record)
        if records and not dry_run:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(asdict(record), ensure_ascii=False) + "\n" for record in records)
