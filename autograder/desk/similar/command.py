"""The command `similar`."""

from autograder.desk.options import Folder, Lessons
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.terminal import fail, out, shown

# So many pairs are printed; the page has more.
FIRST = 10


def similar(directory: Folder, lesson: Lessons = None) -> None:
    """Finds pairs of submissions that share more than the task explains: a lead for a talk, never a verdict."""
    from autograder.desk.similar.page import write_similar

    try:
        path, pairs, all_pairs, compared = write_similar(ClassFolder(directory), lesson or [])
    except (GradeFault, OSError) as fault:
        fail(str(fault))
    if not compared:
        fail(f"nothing that was asked for is graded in {directory}: `grade` comes first")
    for each in pairs[:FIRST]:
        out.print(shown(f"{each.lesson}: {each.first} and {each.second}, weight {each.weight:.0f}", out))
    out.print(f"{compared} submissions compared, pairs that share more: {all_pairs}.")
    out.print(f"A lead for a talk, never a verdict: {path}")
