"""What a known slip answers: worked out where somebody looks, for most slips differ in the first part already."""

from collections.abc import Callable, Sequence
from typing import overload

from autograder.kit.outcome import Outcome
from autograder.kit.run import own_error_state, run_calls
from autograder.kit.sheet import SubCheck

Row = tuple[Outcome, ...]


class SlipAnswers(Sequence[Row]):
    """A wrong function's outcomes for each call of each sub-check; a sub-check's calls run when it is first asked."""

    def __init__(self, wrong: Callable[..., object], checks: Sequence[SubCheck], seconds: float) -> None:
        self._wrong, self._checks, self._seconds = wrong, checks, seconds
        self._rows: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._checks)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...

    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(len(self))[index])
        place = range(len(self))[index]
        if place not in self._rows:
            calls = [call.arguments for call in self._checks[place].calls]
            with own_error_state():  # whatever a kernel has set
                self._rows[place] = tuple(run_calls(self._wrong, calls, self._seconds))
        return self._rows[place]
