"""What a teacher sees at once in wrong numbers, whatever the exercise: one recogniser for each relation.

A relation is named only if it holds in every call it is said of. Its words tell what was seen, and ask back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.kit.judge.evidence import Case, Evidence
from autograder.kit.judge.relations import functions, order, places, shapes, sizes
from autograder.kit.judge.relations.calls import which_calls_fail


@dataclass(frozen=True)
class Seen:
    """A relation by name, and the sentence that tells it."""

    name: str
    sentence: str


Recogniser = Callable[[Evidence], str | None | tuple[str, str]]

# The plainest first: of several that hold, the first is told.
RECOGNISERS: Sequence[Recogniser] = (
    shapes.other_parts,
    order.another_order_of_parts,
    order.transposed,
    order.read_in_another_order,
    shapes.broadcast,
    shapes.summed,
    shapes.rows_missing_or_too_many,
    places.another_verdict,
    functions.an_argument,
    shapes.another_shape,
    places.not_finite,
    places.finite_for_infinite,
    functions.complex_numbers,
    sizes.all_zero,
    sizes.minus_everywhere,
    sizes.another_logarithm,
    sizes.factor_of_the_call,
    sizes.one_factor,
    sizes.always_the_same,
    sizes.sign_lost,
    functions.function_of_the_expected,
    sizes.whole_numbers,
    sizes.rounded,
    sizes.one_offset,
    sizes.an_argument_as_factor,
    order.another_order,
    sizes.an_argument_too_much,
    places.off_the_diagonal,
    places.some_rows,
    places.some_columns,
    places.same_in_every_row,
    places.rows_off_by_one_number_each,
    sizes.bounded,
    places.where_an_argument_is,
    places.right_up_to_a_part,
)


def recognise(wrong: Sequence[Case], right: Sequence[Case]) -> Seen | None:
    """The plainest relation that holds in all the wrong calls."""
    evidence = Evidence(tuple(wrong), tuple(right))
    for recogniser in RECOGNISERS:
        found = recogniser(evidence)
        if isinstance(found, tuple):
            return Seen(*found)
        if found:
            return Seen(recogniser.__name__, found)
    return None


def describe(wrong: Sequence[Case], right: Sequence[Case]) -> str:
    """What can be seen where no relation was recognised: which entries differ, and how."""
    return places.which_entries(Evidence(tuple(wrong), tuple(right))) or "The numbers differ."


__all__ = ["Seen", "describe", "recognise", "which_calls_fail"]
