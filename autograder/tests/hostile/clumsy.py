"""Rows 24 to 32: clumsy, not hostile. What is right earns its points, and every loss comes with a reason."""

import copy
import json

from autograder.grading.submission.session import UNREADABLE
from autograder.tests.hostile.paper import LESSON, POINTS, RIGHT, Paper, attack, checks, code

# ----------------------------------------------------------------------------------------- 24, 25: the named cells


@attack(24, right=True, says="was missing")
def checks_deleted(paper: Paper) -> None:
    for cell in checks(paper):
        paper.cells.remove(cell)


@attack(24, right=True)
def checks_edited(paper: Paper) -> None:
    for cell in checks(paper):
        cell["source"] = "assert False, 'why does this not work?'"


@attack(24, right=True)
def checks_retyped(paper: Paper) -> None:
    for cell in checks(paper):
        cell["cell_type"] = "markdown"


@attack(24, right=True, says="times; the last one counts")
def checks_and_answers_copied(paper: Paper) -> None:
    for name in (*POINTS, *(f"{name}_check" for name in POINTS)):
        paper.cells.insert(paper.place(name) + 1, copy.deepcopy(paper.cell(name)))


@attack(24, right=True, points=13, says="times; the last one counts")
def a_wrong_copy_comes_last(paper: Paper) -> None:
    paper.cells.insert(paper.place("softmax_backward") + 1, copy.deepcopy(paper.cell("softmax_backward")))
    paper.cells[paper.place("softmax_backward") + 1]["source"] = (
        "def softmax_backward(p, upstream):\n    return 0"
    )


@attack(24, right=True)
def points_changed(paper: Paper) -> None:
    for cell in checks(paper):
        cell["metadata"]["nbgrader"]["points"] = 0


@attack(24, right=True)
def the_checks_all_at_the_top(paper: Paper) -> None:
    """A check before its answer waits for the answer."""
    for cell in checks(paper):
        paper.cells.remove(cell)
        paper.cells.insert(0, cell)


@attack(24, right=True, says="lost its name")
def no_grade_ids(paper: Paper) -> None:
    for cell in paper.cells:
        cell["metadata"] = {}


@attack(24, right=True, points=13, says="was missing")
def an_answer_deleted(paper: Paper) -> None:
    paper.cells.remove(paper.cell("softmax_backward"))


@attack(25, right=True, says="grade ids that the lesson does not have")
def invented_grade_ids(paper: Paper) -> None:
    made = code("1")
    made["metadata"] = {"nbgrader": {"grade_id": "bonus", "grade": True, "points": 100, "schema_version": 3}}
    paper.cells.extend([made, copy.deepcopy(made)])


@attack(25, right=True)
def schema_version_99(paper: Paper) -> None:
    for cell in paper.cells:
        cell["metadata"].get("nbgrader", {})["schema_version"] = 99


@attack(25, right=True)
def grade_ids_of_every_kind(paper: Paper) -> None:
    for value in (None, 1, [], {}, "", "softmax\0", True, float("nan")):
        made = code("1")
        made["metadata"] = {"nbgrader": {"grade_id": value}}
        paper.cells.append(made)
    for value in (None, 1, [], "x"):
        paper.cells.append(code("1") | {"metadata": value})
        paper.cells.append(code("1") | {"metadata": {"nbgrader": value}})


@attack(25, right=True, says="damaged")
def damaged_cells(paper: Paper) -> None:
    paper.cells[:] = [
        each for each in paper.cells if "nbgrader" in each["metadata"] or each["cell_type"] == "code"
    ]
    paper.cells.extend(
        [None, 1, [], {}, {"cell_type": []}, {"cell_type": "code", "source": {}}, {"cell_type": "heading"}]
    )


@attack(25, right=True)
def the_same_cell_ids(paper: Paper) -> None:
    for cell in paper.cells:
        cell["id"] = "same"


# -------------------------------------------------------------------------------------------------- 26: unreadable


def _written(paper: Paper, data: bytes) -> None:
    paper.path.write_bytes(data)
    paper.saved = True


@attack(26, status=UNREADABLE, says="JSON is broken, line")
def broken_json(paper: Paper) -> None:
    _written(paper, json.dumps(paper.notebook)[:-400].encode())


@attack(26, status=UNREADABLE, says="JSON is broken, line")
def conflict_markers(paper: Paper) -> None:
    _written(paper, b"<<<<<<< HEAD\n" + json.dumps(paper.notebook).encode() + b"\n>>>>>>> theirs\n")


@attack(26, status=UNREADABLE, says="format 3")
def nbformat_3(paper: Paper) -> None:
    _written(paper, json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": []}]}).encode())


@attack(26, status=UNREADABLE, says="format 5")
def nbformat_5(paper: Paper) -> None:
    _written(paper, json.dumps(paper.notebook | {"nbformat": 5}).encode())


@attack(26, status=UNREADABLE, says="no format that is known")
def nbformat_missing(paper: Paper) -> None:
    _written(paper, b'{"cells": []}')


@attack(26, status=UNREADABLE, says="not UTF-8")
def latin_1(paper: Paper) -> None:
    _written(paper, "{'é': 1}".encode("latin-1"))


@attack(26, status=UNREADABLE, says="not UTF-8")
def a_compressed_notebook(paper: Paper) -> None:
    _written(paper, b"PK\x03\x04\xff\xff\xff")


@attack(26, status=UNREADABLE, says="is empty")
def an_empty_file(paper: Paper) -> None:
    _written(paper, b"")


@attack(26, status=UNREADABLE, says="no notebook")
def a_list(paper: Paper) -> None:
    _written(paper, b"[1, 2, 3]")


@attack(26, status=UNREADABLE, says="nested deeper")
def nested_too_deep(paper: Paper) -> None:
    _written(paper, b"[" * 1_000_000)


@attack(26, status=UNREADABLE, says="cells")
def no_cells(paper: Paper) -> None:
    _written(paper, b'{"nbformat": 4, "cells": {"a": 1}}')


@attack(26, status=UNREADABLE, says="JSON is broken")
def a_number_without_end(paper: Paper) -> None:
    _written(paper, b'{"nbformat": ' + b"9" * 10_000 + b"}")


@attack(26, status=UNREADABLE, says="here is no notebook")
def a_script_instead(paper: Paper) -> None:
    paper.file("04-softmax.py", "\n\n".join(RIGHT.values()))
    paper.saved = True


@attack(26, status=UNREADABLE, says="here is no notebook")
def nothing_at_all(paper: Paper) -> None:
    paper.saved = True


@attack(26, status=UNREADABLE, says="more than")
def far_too_much_text(paper: Paper) -> None:
    """Code that takes minutes only to read as Python."""
    for _ in range(20):
        paper.last('f"' + "{1}" * 60_000 + '"')


@attack(26, right=True)
def a_mark_of_byte_order(paper: Paper) -> None:
    _written(paper, b"\xef\xbb\xbf" + json.dumps(paper.notebook).encode())


# ------------------------------------------------------------------------------------------- 27, 28: name and kernel


@attack(27, right=True, says="was taken for")
def renamed(paper: Paper) -> None:
    (paper.folder / "04-softmax (1) final.ipynb").write_text(json.dumps(paper.notebook))
    paper.saved = True


@attack(27, right=True, says="was taken for")
def in_a_folder_of_its_own(paper: Paper) -> None:
    paper.file("homework/Untitled.ipynb", json.dumps(paper.notebook))
    paper.file(
        "homework/scratch.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": [code("1 + 1")]})
    )
    paper.saved = True


@attack(27, status=UNREADABLE, says="everal notebooks could be meant")
def two_that_could_be_meant(paper: Paper) -> None:
    for name in ("one.ipynb", "two.ipynb"):
        paper.file(name, json.dumps(paper.notebook))
    paper.saved = True


@attack(27, right=True)
def a_checkpoint_beside_it(paper: Paper) -> None:
    paper.file(f".ipynb_checkpoints/{LESSON}-checkpoint.ipynb", "{")


@attack(28, right=True)
def wrong_kernel(paper: Paper) -> None:
    paper.notebook["metadata"] = {
        "kernelspec": {"name": "ir", "language": "R"},
        "language_info": {"name": "R"},
    }


@attack(28, right=True)
def no_metadata(paper: Paper) -> None:
    del paper.notebook["metadata"]
    for cell in paper.cells:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


# ---------------------------------------------------------------------------------------------------- 29 to 31: code


@attack(29, right=True, points=13)
def a_syntax_error(paper: Paper) -> None:
    paper.answer("softmax_backward", "def softmax_backward(p, upstream)\n    return p * upstream")
    paper.before("softmax", "print 'hello'\n  x = (")


@attack(29, right=True, points=13)
def an_answer_that_is_no_python(paper: Paper) -> None:
    paper.answer("softmax_backward", "\0" + "(" * 5000)  # no file of Python may hold a null
    paper.before("softmax", "(" * 20_000 + "1")


@attack(29, right=True)
def a_cell_that_fails(paper: Paper) -> None:
    paper.first("1 / 0")
    paper.before("softmax", "plt.imread('picture.png')")


@attack(30, right=True)
def a_warning(paper: Paper) -> None:
    paper.answer(
        "softmax",
        "def softmax(z):\n    import sys, warnings\n    warnings.warn('careful')\n"
        "    print('careful', file=sys.stderr)\n"
        "    np.log(0.0)\n    e = np.exp(shift_logits(z))\n    return e / e.sum(axis=-1, keepdims=True)",
    )


@attack(30, right=True)
def warnings_made_errors(paper: Paper) -> None:
    paper.first("import warnings\nimport numpy as np\nwarnings.simplefilter('error')\nnp.seterr(all='raise')")


@attack(31, right=True, points=13)
def input_called(paper: Paper) -> None:
    paper.first("name = input('your name? ')")
    paper.answer(
        "softmax_backward", "def softmax_backward(p, upstream):\n    return float(input('upstream? '))"
    )


# --------------------------------------------------------------------------------------------- 32: forms of numbers


@attack(32, right=True)
def lists_and_python_numbers(paper: Paper) -> None:
    for exercise in ("shift_logits", "softmax", "softmax_jacobian", "softmax_backward"):
        paper.answer(
            exercise,
            f"{RIGHT[exercise]}\n_{exercise} = {exercise}\n"
            f"def {exercise}(*arguments):\n    return _{exercise}(*map(np.asarray, arguments)).tolist()",
        )
    paper.answer(
        "softmax_partial", "def softmax_partial(p, i, j):\n    return float(p[i] * ((i == j) - p[j]))"
    )


@attack(32, right=True)
def single_precision(paper: Paper) -> None:
    for exercise in POINTS:
        paper.answer(
            exercise,
            f"{RIGHT[exercise]}\n_{exercise} = {exercise}\n"
            f"def {exercise}(*arguments):\n    return np.asarray(_{exercise}(*arguments)).astype(np.float32)",
        )


@attack(32, right=True)
def other_forms_of_the_same(paper: Paper) -> None:
    """0-d arrays, long doubles, complex numbers without imaginary part, tuples, arrays of objects, Fortran's order."""
    paper.answer(
        "softmax_partial", "def softmax_partial(p, i, j):\n    return np.array(p[i] * ((i == j) - p[j]))"
    )
    forms = {
        "shift_logits": "np.asfortranarray({})",
        "softmax": "np.asarray({}, dtype=np.longdouble)",
        "softmax_jacobian": "tuple(map(tuple, {}))",
        "softmax_backward": "np.asarray({}) + 0j",
    }
    for exercise, form in forms.items():
        called = form.format(f"_{exercise}(*arguments)")
        paper.answer(
            exercise,
            f"{RIGHT[exercise]}\n_{exercise} = {exercise}\ndef {exercise}(*arguments):\n    return {called}",
        )


@attack(32, right=True, points=13)
def far_more_numbers_than_asked_for(paper: Paper) -> None:
    """Wrong, and no attack: it must not look like one."""
    paper.answer(
        "softmax_backward",
        "def softmax_backward(p, upstream):\n    return np.random.default_rng(1).random((440, 440))",
    )
