"""A sub-check before its answers are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ask:
    """A sub-check before its answers are known: a name, points, and the arguments of each call.

    At least one call draws from the generator, so that no answer can be written down beforehand. `unchanged`
    asks that no argument is changed, by this call or any other of the exercise; `properties` are names from
    `kit.judge.properties`. With `exact` false the answer is the student's choice (a random search, say) and the
    properties alone decide. `together` are names of properties that the answers to all calls have side by side.
    `battery` names the tags of the cases that `batteries` should put here, where its own choice is not the best.
    `told` is what the judge alone learns of each call: it comes to a property as one argument more, and never where the
    student's code runs.
    """

    name: str
    points: float
    calls: Sequence[tuple[Any, ...]]
    unchanged: bool = False
    properties: tuple[str, ...] = ()
    exact: bool = True
    together: tuple[str, ...] = ()
    battery: tuple[str, ...] = ()
    told: Sequence[int] = ()

    @property
    def only_unchanged(self) -> bool:
        """Whether it is there only to ask that arguments are left alone."""
        return self.unchanged and self.name.startswith("leaves")
