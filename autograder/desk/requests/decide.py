"""Puts requests and their outcomes into the class's log; an outcome may give points, by an adjustment."""

from dataclasses import replace

from autograder.desk import adjust
from autograder.desk.settle import Effect, most_of, opened
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.gradebook.adjustments import Kind, read_adjustments
from autograder.grading.gradebook.ledger import now
from autograder.grading.gradebook.regrade_requests import (
    Decision,
    Request,
    RequestOutcome,
    Requests,
    read_requests,
)


def ask(group: ClassFolder, lesson: str, exercise: str, student: str, says: str, dry_run: bool) -> Request:
    """A new request, into the log; a GradeFault says what does not fit the class."""
    known = most_of(group, lesson)
    if exercise not in known:
        raise GradeFault(f"{lesson} has no exercise {exercise!r}; it has: {', '.join(known)}")
    if not student or not says.strip():
        raise GradeFault("a request needs --student STUDENT and --says 'what they say'")
    with opened(group) as book:
        if student not in book.students():
            raise GradeFault(f"the gradebook has no student {student!r}")
    if dry_run:
        return _ask(read_requests(group.path), lesson, exercise, student, says, dry_run)
    with group.held():
        return _ask(read_requests(group.path), lesson, exercise, student, says, dry_run)


def _ask(requests: Requests, lesson: str, exercise: str, student: str, says: str, dry_run: bool) -> Request:
    number = max((each.number for each in requests.all), default=0) + 1
    made = Request(number, lesson, exercise, student, says.strip(), now())
    for each in requests.all:
        if replace(each, number=number, when=made.when) == made and each.number not in requests.decided:
            return each
    if not dry_run:
        requests.ask(made)
    return made


def decide(
    group: ClassFolder, number: int, outcome: str, reason: str, points: float | None, dry_run: bool
) -> tuple[Request, list[Effect]]:
    """Gives a request its outcome, and with `points` the student's score; whose points change."""
    if outcome not in list(RequestOutcome):
        raise GradeFault(f"there is no outcome {outcome!r}; there are: {', '.join(RequestOutcome)}")
    if not reason.strip():
        raise GradeFault("say why, with --reason: it stands in the log and on the student's page")
    if points is not None and outcome != RequestOutcome.GRANTED:
        raise GradeFault(f"a score goes with --outcome granted, and not with {outcome}")
    requests = read_requests(group.path)
    request = _request(requests, number)
    if number in requests.decided:
        was = requests.decided[number].outcome
        raise GradeFault(f"request {number} is {was} already: `--reopen {number}` takes that back")
    effects: list[Effect] = []
    given = None
    if points is not None:
        about = request.lesson, request.exercise, reason, request.student, points
        made = adjust.proposed(group, Kind.SCORE, *about)
        effects, given = adjust.adjust(group, made, dry_run), made.number
    if not dry_run:
        with group.held():
            requests.decide(number, Decision(RequestOutcome(outcome), reason.strip(), now(), given))
    return request, effects


def reopen(group: ClassFolder, number: int, reason: str, dry_run: bool) -> tuple[Request, list[Effect]]:
    """Takes a request's outcome back, with the points that it gave; whose points change."""
    requests = read_requests(group.path)
    request = _request(requests, number)
    decision = requests.decided.get(number)
    if decision is None:
        raise GradeFault(f"request {number} has no outcome to take back")
    effects: list[Effect] = []
    given = decision.adjustment
    if given is not None and any(each.number == given for each in read_adjustments(group.path).all):
        _, effects = adjust.undo(group, given, reason, dry_run)
    if not dry_run:
        with group.held():
            requests.reopen(number, reason)
    return request, effects


def _request(requests: Requests, number: int) -> Request:
    for each in requests.all:
        if each.number == number:
            return each
    there = ", ".join(str(each.number) for each in requests.all) or "none"
    raise GradeFault(f"there is no request {number}; there are: {there}")
