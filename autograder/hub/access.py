"""Who may read what on the machine, told from owners, groups and permissions: students must not find answers."""

import os
import pwd
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder import course
from autograder.grading.class_folder import ClassFolder
from autograder.hub.folder import HubCourse, HubError, HubFolder

# What of the course's folder holds answers.
ANSWERS = ("autograder", "solutions", ".git")


def see_to_it(hub: HubFolder, courses: list[HubCourse]) -> None:
    """Refuses, with a HubError, where students could read answers, or somebody could not read what they need."""
    folders = [path for name in ANSWERS if (path := course.ROOT / name).exists()]
    folders += [each.path for each in courses]
    if opened := [path for path in folders if can_read(path)]:
        raise HubError(
            f"every user of this machine can read {opened[0]}, which holds answers: run "
            f"`chmod o= {' '.join(map(str, opened))}`, and start again"
        )
    for path in (Path(sys.executable).resolve(), Path(sys.prefix), hub.students, hub.exchange):
        if not can_read(path):
            raise HubError(
                f"students' servers need {path}, which not every user of this machine can read: put it where they can"
            )
    for each in courses:
        owner = pwd.getpwuid(each.path.stat().st_uid)
        if owner.pw_uid == 0:
            raise HubError(
                f"{each.path} belongs to root, and so would its formgrader: give it to who grades, "
                f"`chown -R NAME {each.path}`"
            )
        groups = os.getgrouplist(owner.pw_name, owner.pw_gid)
        for path in (course.ROOT / "autograder", ClassFolder(each.path).source):
            if not can_read(path, owner.pw_uid, groups):
                raise HubError(
                    f"{owner.pw_name}, to whom {each.path} belongs, cannot read {path}: give it to one of their "
                    f"groups, `chgrp -R GROUP {path}`"
                )


def can_read(path: Path, user: int = -1, groups: Iterable[int] = ()) -> bool:
    """Whether a user can read it; without a user, whether those can who own nothing of it and are in no group of it."""
    mine = set(groups)

    def may(where: Path, bits: int) -> bool:
        found = where.stat()
        shift = 6 if found.st_uid == user else 3 if found.st_gid in mine else 0
        return (stat.S_IMODE(found.st_mode) >> shift) & bits == bits

    whole = path.resolve()
    return may(whole, 5 if whole.is_dir() else 4) and all(may(each, 1) for each in whole.parents)
