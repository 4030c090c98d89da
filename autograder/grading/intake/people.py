"""Who handed a file in: by number where the source has one, by name only where one person alone has it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from autograder.grading.intake.layouts import Owner, student_id
from autograder.grading.intake.origins import Origins
from autograder.grading.intake.roster import Member
from autograder.grading.intake.worksheet import Participant

ANONYMOUS = "Participant"
SYSTEMS = {"canvas": "Canvas", "moodle": "Moodle"}


class AskError(Exception):
    """Nobody can be told from what is there; the message asks, and says how to answer."""


@dataclass(frozen=True)
class Who:
    """A student's id; `sure` is whether a number, an email or an answer said so, and not a name."""

    student: str
    sure: bool


@dataclass
class People:
    """Those whom the class knows. `answers` are given with --as, `worksheet` is Moodle's, by number.

    `renamed` are names that could not be a folder's, with what they became; `names` who has which id.
    """

    roster: list[Member]
    origins: Origins
    answers: dict[str, str] = field(default_factory=dict)
    worksheet: dict[str, Participant] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def all_of(self, owners: Iterable[Owner]) -> dict[str, Who | AskError]:
        """Who the owners of one source's files are, each by themselves and side by side; by their label."""
        found: dict[str, Who | AskError] = {}
        numbers: dict[str, set[str]] = defaultdict(set)
        each_once = {owner.label: owner for owner in owners}
        for owner in each_once.values():
            numbers[owner.student].add(owner.number or "")
        for label, owner in each_once.items():
            try:
                found[label] = self._who(owner, len(numbers[owner.student]) > 1)
            except AskError as question:
                found[label] = question
        several: dict[str, set[str]] = defaultdict(set)
        for label, who in found.items():
            if isinstance(who, Who):
                several[who.student].add(each_once[label].number or "")
        for label, who in found.items():
            if isinstance(who, Who) and not who.sure and len(several[who.student] - {""}) > 1:
                found[label] = AskError(_two(each_once[label], sorted(several[who.student])))
        return found

    def _who(self, owner: Owner, namesakes: bool) -> Who:
        answer = self.answers.get(owner.label) or self.answers.get(owner.student)
        if answer:
            return Who(answer, True)
        known = self._known(owner)
        if known:
            return Who(known, True)
        entry = self.worksheet.get(owner.number or "") if owner.system == "moodle" else None
        named = self._named(entry.name if entry else owner.student)
        if len(named) == 1 and not namesakes:
            return Who(named[0].id, False)
        if self.roster:
            several = f"fits several people there ({', '.join(each.id for each in named)})" if named else ""
            raise AskError(_question(owner, several or "is nobody in roster.csv"))
        if owner.system == "canvas":
            return Who(self._new(owner.label), True)
        if owner.student == ANONYMOUS and owner.number:
            return Who(self._new(owner.label), True)
        if namesakes:
            if entry and entry.email:
                return Who(self._new(entry.email), True)
            raise AskError(_two(owner, []))
        before = self.origins.named(owner.system, owner.student) if owner.system == "moodle" else set()
        if len(before) > 1:
            raise AskError(_question(owner, f"may be any of {', '.join(sorted(before))}"))
        return Who(before.pop() if before else self._new(owner.student), False)

    def _known(self, owner: Owner) -> str | None:
        """The student whom a number, an email or an id tells."""
        entry = self.worksheet.get(owner.number or "") if owner.system == "moodle" else None
        for member in self.roster:
            by_number = owner.system == "canvas" and member.canvas and member.canvas == owner.number
            own = {each.casefold() for each in (member.id, member.email) if each}
            by_id = not owner.number and owner.student.casefold() in own
            by_sheet = entry and {each.casefold() for each in (entry.email, entry.id) if each} & own
            if by_number or by_id or by_sheet:
                return member.id
        if entry and entry.email and (known := self.origins.known.get(("email", entry.email.casefold()))):
            return known
        return self.origins.known.get((owner.system, owner.number)) if owner.number else None

    def _named(self, name: str) -> list[Member]:
        plain = Member("", name).plain_names - {""}
        return [member for member in self.roster if member.plain_names & plain]

    def _new(self, name: str) -> str:
        """The id of a name, the same for the same name and different for different ones."""
        made = student_id(name)
        if made is None:
            raise AskError("the student's name cannot be a folder's: it is empty or too long")
        other = self.names.setdefault(made.casefold(), name)
        if other != name:
            raise AskError(f"{name!r} and {other!r} would both be student {made}: rename one of them")
        if made != name:
            self.renamed[name] = made
        return made


def as_known(members: Iterable[Member], origins: Origins) -> list[Member]:
    """The people of a list under the ids that an earlier intake gave to their numbers or emails."""
    found = []
    for member in members:
        keys = (("canvas", member.canvas), ("email", member.email.casefold()))
        known = next((origins.known[key] for key in keys if key[1] and key in origins.known), member.id)
        found.append(replace(member, id=known))
    return found


def _question(owner: Owner, why: str) -> str:
    number = f" ({SYSTEMS.get(owner.system, owner.system)}'s number {owner.number})" if owner.number else ""
    return f"who is {owner.student}{number}? The name {why}. Say --as '{owner.label}=STUDENT'"


def _two(owner: Owner, numbers: list[str]) -> str:
    which = f" ({', '.join(numbers)})" if numbers else ""
    sheet = (
        " give this assignment's grading worksheet as a source too, or" if owner.system == "moodle" else ""
    )
    return (
        f"several people here are called {owner.student}{which}, and a name alone tells nobody:{sheet} "
        f"say --as '{owner.label}=STUDENT'"
    )
