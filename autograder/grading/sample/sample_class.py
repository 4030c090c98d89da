"""A dozen sample students: what each wrote in three lessons, and the notebooks they hand in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from autograder import course
from autograder.build.notebook import Draft

LESSONS = tuple(course.lesson(name) for name in ("03-activations", "04-softmax", "05-cross-entropy"))


@dataclass(frozen=True)
class SampleStudent:
    """A sample student: a name, a line on what they did, and the code they wrote, by exercise.

    Exercises not in `code` are solved, or left as stubs where `solves_the_rest` is false. `only` limits the
    solved ones to those named.
    """

    name: str
    story: str
    code: Mapping[str, str] = field(default_factory=dict)
    solves_the_rest: bool = True
    only: frozenset[str] | None = None

    def answer(self, exercise: str, solution: str, stub: str) -> str:
        """What stands in the solution cell of `exercise` when the student hands in."""
        if exercise in self.code:
            return self.code[exercise].strip()
        solved = self.solves_the_rest if self.only is None else exercise in self.only
        return solution if solved else stub


OTHERWISE = {
    "sigmoid": """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))
""",
    "relu": """
def relu(x):
    x = np.asarray(x)
    return (x * (x > 0)).astype(np.float32)
""",
    "softmax": """
def softmax(z):
    rows = np.atleast_2d(z).tolist()
    out = []
    for row in rows:
        largest = max(row)
        e = [float(np.exp(value - largest)) for value in row]
        out.append([value / sum(e) for value in e])
    return out if np.ndim(z) == 2 else out[0]
""",
    "softmax_jacobian": """
def softmax_jacobian(z):
    p = np.asarray(softmax(z))
    return np.einsum("i,ij->ij", p, np.eye(len(p)) - p)
""",
    "cross_entropy": """
def cross_entropy(y, y_hat):
    picked = np.sum(np.asarray(y) * y_hat, axis=-1)
    return float(np.mean(-np.log(picked)))
""",
}

NAIVE = {
    "sigmoid": "def sigmoid(x):\n    return np.exp(x) / (1 + np.exp(x))",
    "softplus": "def softplus(x):\n    return np.log(1 + np.exp(x))",
    "softmax": "def softmax(z):\n    e = np.exp(z)\n    return e / np.sum(e, axis=-1, keepdims=True)",
    "log_softmax": "def log_softmax(z):\n    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))",
}

DIAGONAL = {
    "elementwise_jacobian": "def elementwise_jacobian(derivative, x):\n    return derivative(x)",
    "softmax_jacobian": ("def softmax_jacobian(z):\n    p = softmax(z)\n    return np.diag(p * (1 - p))"),
    "softmax_backward": "def softmax_backward(p, upstream):\n    return p * (1 - p) * upstream",
    "softmax_cross_entropy_delta": (
        "def softmax_cross_entropy_delta(z, y):\n"
        "    p = np.exp(log_softmax(z))\n"
        "    m = z.shape[0] if z.ndim == 2 else 1\n"
        "    return -y * (1 - p) / m"
    ),
}

NO_MEAN = {
    "cross_entropy_gradient": "def cross_entropy_gradient(y, y_hat):\n    return -y / y_hat",
    "softmax_cross_entropy_delta": (
        "def softmax_cross_entropy_delta(z, y):\n    return np.exp(log_softmax(z)) - y"
    ),
    "cross_entropy_from_logits": (
        "def cross_entropy_from_logits(z, y):\n    return -np.sum(y * log_softmax(z))"
    ),
}

BASE_TEN = {
    "softplus": "def softplus(x):\n    return (np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))) / np.log(10)",
    "softmax": "def softmax(z):\n    return z / np.sum(z, axis=-1, keepdims=True)",
    "cross_entropy": (
        "def cross_entropy(y, y_hat):\n"
        "    m = y.shape[0] if y.ndim == 2 else 1\n"
        "    picked = np.sum(y * y_hat, axis=-1)\n"
        "    return -np.sum(np.log10(picked)) / m"
    ),
}

IN_PLACE = {
    "relu": "def relu(x):\n    x = np.asarray(x)\n    x[x < 0] = 0\n    return x",
    "shift_logits": "def shift_logits(z):\n    z -= np.max(z, axis=-1, keepdims=True)\n    return z",
    "log_softmax": (
        "def log_softmax(z):\n"
        "    z -= np.max(z, axis=-1, keepdims=True)\n"
        "    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))"
    ),
}

WARNS = {"sigmoid": "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))"}

SYNTAX = {
    "tanh_derivative": "def tanh_derivative(x):\n    return 1 - np.tanh(x ** 2",
    "softmax_backward": "def softmax_backward(p, upstream)\n    return p * upstream",
    "cross_entropy": "def cross_entropy(y, y_hat):\nreturn 0",
}

ENDLESS = {
    "relu_derivative": "def relu_derivative(x):\n    while True:\n        pass",
    "softmax_partial": "def softmax_partial(p, i, j):\n    while i != j + 10:\n        i = i - 1\n    return 0",
    "cross_entropy_gradient": "def cross_entropy_gradient(y, y_hat):\n    while True:\n        y = y + 1",
}

HALF = frozenset(
    [
        *("sigmoid", "sigmoid_derivative", "relu", "relu_derivative"),
        *("shift_logits", "softmax"),
        *("log_softmax", "binary_cross_entropy", "cross_entropy"),
    ]
)

STUDENTS = (
    SampleStudent("ada", "everything right"),
    SampleStudent("bruno", "everything right, written differently: loops, lists, float32", OTHERWISE),
    SampleStudent("chen", "about half done, and that half right", only=HALF),
    SampleStudent("dara", "forms that overflow to inf or nan", NAIVE),
    SampleStudent("emil", "the published slips: no exponential, base-10 logarithm", BASE_TEN),
    SampleStudent("fatima", "diagonals where whole Jacobians belong", DIAGONAL),
    SampleStudent("goran", "forgets the 1/m of the mean", NO_MEAN),
    SampleStudent("hana", "changes the caller's arrays", IN_PLACE),
    SampleStudent("ivan", "a naive sigmoid that only warns", WARNS),
    SampleStudent("jun", "untouched", solves_the_rest=False),
    SampleStudent("kofi", "a syntax error in one cell of each notebook", SYNTAX),
    SampleStudent("lena", "a loop that never ends in each notebook", ENDLESS),
)


def submission(student: SampleStudent, draft: Draft) -> NotebookNode:
    """The notebook the student hands in: the released one with their own code in its solution cells."""
    notebook = nbformat.from_dict(json.loads(json.dumps(draft.student)))
    solutions = {
        cell.metadata.nbgrader.grade_id: cell.source for cell in draft.source.cells if utils.is_solution(cell)
    }
    for cell in notebook.cells:
        if not utils.is_solution(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        solution = "\n".join(line for line in solutions[name].splitlines() if "SOLUTION" not in line)
        if cell.cell_type == "code":
            cell.source = student.answer(name, solution, cell.source)
        elif student.solves_the_rest and student.only is None:
            cell.source = solution
    return notebook
