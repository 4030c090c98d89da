"""What students hand in, for the tests of intake: notebooks, folders, archives; and what came of it."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder import course
from autograder.grading.intake.report import IntakeReport

SOFTMAX, ACTIVATIONS = "04-softmax", "03-activations"


def notebook(lesson: str, mark: str = "") -> bytes:
    """A student's notebook of a lesson; another mark makes other bytes."""
    made = json.loads(course.lesson(lesson).notebook.read_text(encoding="utf-8"))
    made["cells"].append({"cell_type": "markdown", "id": "mark", "metadata": {}, "source": f"by {mark}"})
    return json.dumps(made).encode()


S, A = notebook(SOFTMAX), notebook(ACTIVATIONS)


def tree(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def archive(path: Path, files: Mapping[str, bytes]) -> Path:
    path.write_bytes(zipped(files))
    return path


def there(group: Path, folder: str = "submitted") -> dict[str, bytes]:
    root = group / folder
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def whys(report: IntakeReport) -> list[str]:
    return [problem.why for problem in report.problems]


def taken(report: IntakeReport) -> list[tuple[str, str, str]]:
    return [(each.student, each.lesson, each.outcome) for each in report.taken]


def path_of(student: str, lesson: str = SOFTMAX) -> str:
    return f"{student}/{lesson}/{lesson}.ipynb"
