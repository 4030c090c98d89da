"""A student's function that takes one step, asked for many: each call goes on from where the last one led."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.kit.explore.parts.student import Answer, Student, compared, off
from autograder.kit.plain import Plain


@dataclass
class Steps:
    """`count` steps of a student's function from `start`, an array.

    `call` makes the arguments of step t, counted from 1, from where it starts. `read` makes an array of what was
    returned, and `lead` says where that leads. `true` is what should have been returned by step t from there.
    """

    start: np.ndarray
    count: int
    call: Callable[[int, np.ndarray], tuple[Any, ...]]
    read: Callable[[Plain], np.ndarray]
    true: Callable[[int, np.ndarray], np.ndarray]
    lead: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda start, found: found
    answer: Answer = field(default_factory=Answer, init=False)
    places: list[np.ndarray] = field(default_factory=list, init=False)

    def ask(self, student: Student) -> "Steps":
        """Asks for all steps. They end early where a number is no finite one."""
        self.places = [self.start]
        self.answer = student.ask(self._calls(), self.true(1, self.start).shape, self._go_on)
        return self

    def _calls(self) -> Iterator[tuple[Any, ...]]:
        for t in range(1, self.count + 1):
            if not np.all(np.isfinite(self.places[-1])):
                return
            with np.errstate(all="ignore"):
                given = self.call(t, self.places[-1].copy())
            yield given

    def _go_on(self, returned: Plain) -> Plain:
        found = self.read(returned)
        with np.errstate(all="ignore"):
            numbers = np.real(found).astype(float)
            self.places.append(self.lead(self.places[-1], numbers))
        return found

    def compared(self, name: str, parts: Sequence[str]) -> str:
        """Each step against the true one from the same place: no rounding piles up. `parts` name the numbers."""
        values = self.answer.values
        if values is None:
            return ""
        with np.errstate(all="ignore"):
            true = np.array([self.true(t, place) for t, place in enumerate(self.places[: len(values)], 1)])
        wrong = off(values, true).reshape(len(values), -1).any(axis=1)
        if wrong.any():
            t = int(np.argmax(wrong))
            return compared(name, values[t], true[t], [f"in {part}, in step {t + 1}" for part in parts])
        said = compared(name, values, true, [""] * values.size)
        return said.replace("the reference:", f"the reference in all of its {len(values)} steps:")


def reference(
    start: np.ndarray, count: int, true: Callable[[int, np.ndarray], np.ndarray]
) -> list[np.ndarray]:
    """Where the true steps lead, the start first."""
    places = [start]
    for t in range(1, count + 1):
        places.append(true(t, places[-1]))
    return places
