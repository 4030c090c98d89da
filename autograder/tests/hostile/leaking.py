"""Row 33: what was asked in hidden cases, carried to the page that a student gets back."""

import re

from autograder.grading.submission.session import UNREADABLE
from autograder.tests.hostile.paper import RIGHT, Paper, attack

# The word stands in no submission's text; where it stands before digits, a hidden number came out. A number stands by
# itself: digits in the middle of a time or of a file's digest are chance.
MARK = "mark = 'LE' + 'AK'\nkept = []\n"
LEAKED = re.compile(r"LEAK\D{0,12}\d|\b10\d\d, 1[01]\d\d\b|(?<![\w.])7700\d{3}(?!\w)")


@attack(33)
def by_shape(paper: Paper) -> None:
    paper.answer(
        "softmax",
        "def softmax(z):\n    return np.zeros([0] + [int(abs(v) * 8) % 100 + 1000 for v in np.ravel(z)[:4]])",
    )


@attack(33)
def by_number(paper: Paper) -> None:
    """The judge tells what it sees of wrong answers; not the numbers that it sees."""
    paper.answer(
        "softmax",
        "def softmax(z):\n    return np.full(z.shape, 77 * 10**5 + int(abs(np.ravel(z)[0]) * 10) % 1000)",
    )
    paper.answer(
        "softmax_jacobian",
        "def softmax_jacobian(z):\n    s = 77 * 10**5 + int(abs(z[0]) * 10) % 1000\n    return np.eye(len(z)) * s",
    )
    paper.answer(
        "shift_logits",
        "def shift_logits(z):\n    return z - 77 * 10**5 - int(abs(np.ravel(z)[0]) * 10) % 1000",
    )


@attack(33)
def by_error_warning_and_print(paper: Paper) -> None:
    paper.first(MARK + "import warnings")
    told = "text = f'{mark}{np.ravel(z)[0]}'\n    print(text)\n    warnings.warn(text)\n    "
    told += "warnings.warn(text, type(text, (Warning,), {}))"
    paper.answer("softmax", f"def softmax(z):\n    {told}\n    raise ValueError(text)")
    paper.answer(
        "shift_logits", f"def shift_logits(z):\n    {told}\n    raise type(text, (Exception,), {{}})(text)"
    )


_STORING = """def softmax(z):
    kept.append(f'{mark}{np.ravel(z)}')
    open('kept', 'a').write(kept[-1])
    return 1.0"""


@attack(33)
def by_what_later_cells_show(paper: Paper) -> None:
    paper.first(MARK)
    paper.answer("softmax", _STORING)
    for source in (
        "print(kept, file=__import__('sys').stderr)\nprint(kept)\nkept",
        "from IPython.display import HTML, display\ndisplay(HTML(f'<b>{kept}</b>'))",
        "raise ValueError(f'{kept}')",
        "print(open('kept').read())",
        "import os\nos.rename('kept', f'{kept[0]}')\nprint(os.listdir())",
    ):
        paper.before("softmax_jacobian", source)
        paper.last(source)
    paper.answer("softmax_backward", "print(kept)\nraise KeyError(f'{kept}')")


@attack(33, right=True)
def shown_again_without_a_question(paper: Paper) -> None:
    """What cells show is kept, also after a check; only nothing that they saw of a hidden case."""
    paper.answer(
        "softmax", "calls = 0\n" + RIGHT["softmax"].replace(":\n", ":\n    global calls\n    calls += 1\n", 1)
    )
    paper.last("print('calls so far:', calls)")


@attack(6)
def the_kits_own_answers(paper: Paper) -> None:
    """The judge and the pictures know answers: neither can be found where a submission runs."""
    paper.first(
        "import os, autograder\nfound = []\n"
        "for folder, _, names in os.walk(os.path.dirname(autograder.__file__)):\n"
        "    found += [name for name in names if name.endswith('.py')]\n"
        "for name in ('judge', 'judge.training', 'explore.pictures.softmax_bars', 'files', 'report'):\n"
        "    try:\n        __import__('autograder.kit.' + name)\n    except ImportError:\n        continue\n"
        "    found.append(name)\nprint(sorted(found))"
    )


@attack(14, status=UNREADABLE, says="is the notebook of 05-cross-entropy", right=True, points=0)
def another_lessons_notebook(paper: Paper) -> None:
    from autograder import bank

    for cell in paper.cells:
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["source"] = ""
    for each in bank.of_lesson("05-cross-entropy"):
        paper.last(f"def {each.name}(*arguments):\n    return 0")
