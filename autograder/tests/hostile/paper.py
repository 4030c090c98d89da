"""What a hostile submission is built from: a lesson's released notebook, answers right or wrong, an attack."""

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.grading.submission.session import GRADED

LESSON = "04-softmax"
# Every process that an attack leaves behind bears this name, or has it among its arguments.
MARK = f"hostile{os.getpid()}"[:15]
BEARS_MARK = f"import ctypes, os, sys, time\nctypes.CDLL(None).prctl(15, b'{MARK}')\n"
POINTS = {"shift_logits": 3, "softmax": 4, "softmax_partial": 2, "softmax_jacobian": 4, "softmax_backward": 4}
FULL = sum(POINTS.values())
RIGHT = {
    "shift_logits": "def shift_logits(z):\n    return z - np.max(z, axis=-1, keepdims=True)",
    "softmax": "def softmax(z):\n    e = np.exp(shift_logits(z))\n    return e / e.sum(axis=-1, keepdims=True)",
    "softmax_partial": "def softmax_partial(p, i, j):\n    return p[i] * ((i == j) - p[j])",
    "softmax_jacobian": "def softmax_jacobian(z):\n    p = softmax(z)\n    return np.diag(p) - np.outer(p, p)",
    "softmax_backward": (
        "def softmax_backward(p, upstream):\n"
        "    return p * (upstream - np.sum(p * upstream, axis=-1, keepdims=True))"
    ),
}
# Wrong in every sub-check. The softmax of the others is the student's own, so these do not even call it.
WRONG = {name: f"def {name}(*arguments):\n    return 12345.0" for name in POINTS}


@dataclass
class Paper:
    """One submission while it is made: the notebook as JSON data, and the folder that it will lie in."""

    notebook: dict[str, Any]
    folder: Path
    # What the strongest attacker knows of the machine: the class folder, the course, a file with a secret.
    places: dict[str, Path]
    saved: bool = field(default=False)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells."""
        return self.notebook["cells"]

    @property
    def path(self) -> Path:
        """Where the notebook belongs."""
        return self.folder / f"{LESSON}.ipynb"

    def cell(self, grade_id: str) -> dict[str, Any]:
        """The cell of that name."""
        return next(cell for cell in self.cells if name_of(cell) == grade_id)

    def place(self, grade_id: str) -> int:
        """Where the cell of that name stands."""
        return next(place for place, cell in enumerate(self.cells) if name_of(cell) == grade_id)

    def answer(self, exercise: str, source: str) -> None:
        """Writes an answer into its cell."""
        self.cell(exercise)["source"] = source

    def answers(self, answers: dict[str, str]) -> None:
        """Writes several."""
        for exercise, source in answers.items():
            self.answer(exercise, source)

    def first(self, source: str) -> None:
        """A cell of code before all others."""
        self.cells.insert(0, code(source))

    def last(self, source: str) -> None:
        """A cell of code after all others."""
        self.cells.append(code(source))

    def before(self, grade_id: str, source: str) -> None:
        """A cell of code before the one of that name."""
        self.cells.insert(self.place(grade_id), code(source))

    def text(self, source: str, kind: str = "markdown") -> None:
        """A cell of text after all others."""
        self.cells.append({"cell_type": kind, "metadata": {}, "source": source})

    def file(self, name: str, data: bytes | str) -> None:
        """A file beside the notebook."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def save(self) -> None:
        """Writes the notebook, if the submission did not write one of its own."""
        if not self.saved:
            self.path.write_text(json.dumps(self.notebook), encoding="utf-8")


@dataclass(frozen=True)
class Hostile:
    """A submission with what must come of it: its status, its exact points, and what its notes must say."""

    row: int
    name: str
    build: Callable[[Paper], None]
    right: bool
    status: str
    points: float
    says: str

    @property
    def student(self) -> str:
        """The folder it is handed in under."""
        return f"h{self.row:02}-{self.name}"

    def hand_in(self, released: dict[str, Any], root: Path, places: dict[str, Path]) -> None:
        """Writes the submission under `root`, the class's folder `submitted`."""
        folder = root / self.student / LESSON
        folder.mkdir(parents=True)
        paper = Paper(copy.deepcopy(released), folder, places)
        paper.answers(RIGHT if self.right else WRONG)
        self.build(paper)
        paper.save()


ALL: list[Hostile] = []


def attack(
    row: int, *, right: bool = False, status: str = GRADED, points: float | None = None, says: str = ""
) -> Callable[[Callable[[Paper], None]], Callable[[Paper], None]]:
    """Registers a submission. Without `points` they are those of the answers: full for right ones, 0 for wrong."""

    def register(build: Callable[[Paper], None]) -> Callable[[Paper], None]:
        earned = (FULL if right else 0) if points is None else points
        name = build.__name__.replace("_", "-")
        ALL.append(Hostile(row, name, build, right, status, earned, says))
        return build

    return register


def name_of(cell: dict[str, Any]) -> str | None:
    """The grade id of a cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def code(source: str) -> dict[str, Any]:
    """A cell of code."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def checks(paper: Paper) -> list[dict[str, Any]]:
    """The check cells."""
    return [paper.cell(f"{name}_check") for name in POINTS]
