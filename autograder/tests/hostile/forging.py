"""Rows 1 to 9 and 11: points for wrong answers. All answers here are wrong, so all points must be 0."""

import base64
import os
import pickle

from autograder.grading.submission.session import CRASHED
from autograder.tests.hostile.paper import FULL, POINTS, Paper, attack, checks

# ------------------------------------------------------------------------------- 1: tags and the check cells themselves


@attack(1)
def skip_execution_tags(paper: Paper) -> None:
    for cell in checks(paper):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "nbgrader-skip", "remove-cell"]


@attack(1)
def points_in_the_outputs(paper: Paper) -> None:
    for cell in checks(paper):
        points = str(cell["metadata"]["nbgrader"]["points"])
        result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
        cell["metadata"]["tags"] = ["skip-execution"]
        cell["outputs"] = [result | {"data": {"text/plain": points}}]
        cell["source"] = points


@attack(1)
def the_check_is_no_check_any_more(paper: Paper) -> None:
    for cell in checks(paper):
        cell["metadata"]["nbgrader"] |= {"solution": True, "locked": False, "grade": True, "points": 1000}
        cell["source"] = "1000.0"


# -------------------------------------------------------------------------------------------- 2 to 4: the shell bent


@attack(2)
def input_transformers(paper: Paper) -> None:
    paper.first(
        "shell = get_ipython()\n"
        "shell.input_transformers_cleanup.append(lambda lines: [])\n"
        "shell.input_transformers_post.append(lambda lines: [])"
    )


@attack(3)
def asserts_deleted(paper: Paper) -> None:
    paper.first(
        "import ast\n"
        "class Deleted(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node):\n        return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Deleted())"
    )


@attack(4)
def run_code_replaced(paper: Paper) -> None:
    paper.first(
        "async def nothing(*_, **__):\n    return False\n"
        "shell = get_ipython()\n"
        "shell.run_code = nothing\n"
        "type(shell).run_ast_nodes = nothing"
    )


@attack(4)
def the_runner_replaced(paper: Paper) -> None:
    """The functions that run the questions answer "right", "full points" and "passed" in every way they can."""
    paper.first(
        "import sys\n"
        "from autograder.grading.sandbox.inside import student\n"
        "from autograder.kit import judge, plain, report, run\n"
        "plain.agree = judge.agree = lambda *_: True\n"
        "judge.judge = lambda sheet, *_, **__: 17.0\n"
        "report.Report.earned = property(lambda self: 1000.0)\n"
        "run._changed = lambda *_: False\n"
        "kept = run.run_calls\n"
        "class Good(run.Outcome):\n"
        "    def to_json(self):\n"
        "        return super().to_json() | {'mutated': False}\n"
        "student.Outcome = run.Outcome = Good"
    )


# ----------------------------------------------------------------------------------------------- 5: objects that lie

_LIARS = {
    "equal_to_everything": "class Liar:\n    __eq__ = __lt__ = __le__ = __ge__ = lambda *_: True\n"
    "    __sub__ = __rsub__ = __abs__ = __mul__ = lambda self, *_: self\n    __bool__ = lambda self: True",
    "array_method": "class Liar:\n    def __array__(self, *_, **__):\n"
    "        import sys\n        frame = sys._getframe()\n        while frame:\n"
    "            for name in ('expected', 'reference', 'b', 'desired'):\n"
    "                if name in frame.f_locals:\n                    return frame.f_locals[name]\n"
    "            frame = frame.f_back\n        return np.zeros(3)",
    "class_is_said_to_be_ndarray": "class Liar:\n    __class__ = np.ndarray\n    shape = ()\n"
    "    dtype = np.dtype(float)\n"
    "    size = 1\n    __eq__ = lambda *_: True",
    "subclass_of_float": "class Liar(float):\n    __eq__ = __ne__ = lambda *_: True\n    __hash__ = float.__hash__\n"
    "    __float__ = lambda self: 1.0\n    __array__ = lambda self, *_: np.ones(3)",
    "subclass_of_float64": "class Liar(np.float64):\n    __module__ = 'numpy'\n    __eq__ = lambda *_: True\n"
    "    __array__ = lambda self, *_: np.ones(3)",
    "subclass_of_list": "class Liar(list):\n    __eq__ = lambda *_: True\n    __len__ = lambda self: 3\n"
    "    __iter__ = lambda self: iter([1.0, 0.0, 0.0])",
}


@attack(5)
def lying_objects(paper: Paper) -> None:
    """A different liar in each exercise."""
    for exercise, liar in zip(POINTS, _LIARS.values(), strict=False):
        paper.answer(exercise, f"{liar}\ndef {exercise}(*arguments):\n    return Liar()")


@attack(5)
def a_lying_array(paper: Paper) -> None:
    paper.first(
        "import numpy as np\n"
        "class Liar(np.ndarray):\n"
        "    __eq__ = __lt__ = lambda *_: np.True_\n"
        "    __array_ufunc__ = lambda self, *_, **__: np.True_\n"
        "    __array_function__ = lambda self, *_, **__: True\n"
        "    shape = property(lambda self: (3,))"
    )
    for exercise in POINTS:
        paper.answer(exercise, f"def {exercise}(*arguments):\n    return np.zeros(3).view(Liar)")


@attack(5)
def liars_inside_arrays_and_tuples(paper: Paper) -> None:
    paper.first("import numpy as np\n" + _LIARS["subclass_of_list"] + "\nOther = Liar")
    forms = (
        "np.array([Other(), Other()], dtype=object)",
        "(Other(),)",
        "[Other([9.0])]",
        "np.ma.masked_all(3)",
        "np.zeros(3, dtype=[('x', float)])",
    )
    for exercise, form in zip(POINTS, forms, strict=True):
        paper.answer(exercise, f"def {exercise}(*arguments):\n    return {form}")


@attack(5)
def nan_inf_and_none(paper: Paper) -> None:
    forms = ("np.nan", "np.inf", "None", "np.full((3, 3), np.nan)", "NotImplemented")
    for exercise, form in zip(POINTS, forms, strict=True):
        paper.answer(exercise, f"def {exercise}(*arguments):\n    return {form}")


@attack(5, status=CRASHED)
def encoding_poisoned(paper: Paper) -> None:
    """What writes the answers down is bent: every array of the process says that it is another."""
    paper.first(
        "import numpy as np\nfrom autograder.kit import plain, run\n"
        "run.encode = plain.encode = lambda value: {'array': True, 'dtype': 'bool'}\n"
        "run.to_plain = lambda value: value\n"
        "np.asarray = np.array = lambda *_, **__: True"
    )


# ------------------------------------------------------------------------------------------ 6: reading the answers


@attack(6)
def modules_and_files(paper: Paper) -> None:
    """Every way to the reference answers: importing, opening, walking the whole file system, the shell's history."""
    known = [str(place) for place in paper.places.values()]
    paper.first(
        "import builtins, glob, json, os, sys\nfound = {}\n"
        "for name in ('autograder.bank', 'autograder.bank.lesson_04_softmax', 'autograder.build.notebook'):\n"
        "    try:\n        found.update(vars(__import__(name, fromlist=['x'])))\n"
        "    except BaseException as fault:\n        pass\n"
        f"for root in {known!r} + ['/root', '/home', '/tmp', '/etc', '/var', '/opt']:\n"
        "    for folder, folders, names in os.walk(root):\n"
        "        folders[:] = [name for name in folders if name not in ('usr', 'lib', 'proc', 'dev')]\n"
        "        for name in names:\n"
        "            if name.endswith(('.db', '.ipynb')) or 'lesson_04' in name or '04-softmax' in name:\n"
        "                try:\n                    print(name, open(os.path.join(folder, name), 'rb').read()[:2000])\n"
        "                except OSError:\n                    pass\n"
        "print(globals().get('_ih'), dict(os.environ), sys.argv, sys.modules.keys())"
    )
    for exercise in POINTS:
        paper.answer(
            exercise,
            f"def {exercise}(*arguments):\n    other = found.get('{exercise}')\n"
            "    return getattr(other, 'reference', other)(*arguments)",
        )


@attack(6)
def frames_and_garbage(paper: Paper) -> None:
    """What is alive in the process is searched for anything that knows the right answer."""
    search = (
        "    import gc, sys\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        for name, value in frame.f_locals.items():\n"
        "            if name in ('expected', 'sheet', 'reference', 'answers'):\n                return value\n"
        "        frame = frame.f_back\n"
        "    for each in gc.get_objects():\n"
        "        if isinstance(each, dict) and ('expected' in each or 'sub_checks' in each):\n"
        "            return each.get('expected')\n"
        "        if callable(each) and getattr(each, '__name__', '') == '{0}' and each is not {0}:\n"
        "            return each(*arguments)\n"
        "    return 12345.0"
    )
    for exercise in POINTS:
        paper.answer(exercise, f"def {exercise}(*arguments):\n{search.format(exercise)}")


# --------------------------------------------------------------------------------------- 7 and 8: what is underneath


@attack(7)
def comparisons_patched(paper: Paper) -> None:
    paper.first(
        "import builtins, math\nimport numpy as np\nimport numpy.testing\n"
        "yes = lambda *_, **__: True\n"
        "for name in ('allclose', 'isclose', 'array_equal', 'all', 'any'):\n    setattr(np, name, yes)\n"
        "for name in dir(np.testing):\n"
        "    if name.startswith('assert'):\n        setattr(np.testing, name, yes)\n"
        "math.isclose = yes\nbuiltins.abs = lambda x: 0\nbuiltins.all = yes"
    )


@attack(7, status=CRASHED)
def builtins_patched(paper: Paper) -> None:
    paper.first(
        "import builtins\nkept = builtins.isinstance\n"
        "builtins.isinstance = lambda value, kind: kept(value, kind) or kind is float\n"
        "builtins.repr = lambda value: '17.0'\nbuiltins.AssertionError = Warning\nbuiltins.sum = lambda *_: 17.0"
    )


_SHADOWS = ("numpy.py", "ipykernel_launcher.py", "json.py", "socket.py", "sitecustomize.py", "struct.py")
_SHADOWS_TOO = (
    "autograder/__init__.py",
    "autograder/kit/__init__.py",
    "matplotlib/__init__.py",
    "nbgrader.py",
)
_LIE = "print(17.0)\ndef check(*_, **__):\n    return 17.0\ngrade = hint = ready = explore = check\n"


@attack(8)
def files_that_shadow_modules(paper: Paper) -> None:
    for name in (*_SHADOWS, *_SHADOWS_TOO):
        paper.file(name, _LIE)


@attack(8, right=True)
def shadows_beside_right_answers(paper: Paper) -> None:
    """The same files take nothing from right answers."""
    files_that_shadow_modules(paper)


@attack(8)
def a_shadow_put_first(paper: Paper) -> None:
    files_that_shadow_modules(paper)
    paper.first(
        "import os, sys\nsys.path.insert(0, os.getcwd())\n"
        "for name in list(sys.modules):\n"
        "    if name.startswith(('autograder', 'json', 'struct')):\n        del sys.modules[name]\n"
        "from autograder.kit import check"
    )


# ------------------------------------------------------------------------------------- 9 and 11: a score, a pickle


@attack(9)
def scores_displayed(paper: Paper) -> None:
    paper.first(
        "import sys\n"
        "def hook(value):\n    print(17.0)\n"
        "sys.displayhook = hook\nget_ipython().displayhook.__call__ = hook\n"
        "get_ipython().display_formatter.format = lambda *_: ({'text/plain': '1000'}, {})"
    )
    for exercise in POINTS:
        paper.before(f"{exercise}_check", "from IPython.display import display\ndisplay(4.0)\n4.0")


@attack(9)
def scores_returned(paper: Paper) -> None:
    paper.first("import numpy as np")
    forms = ("float('nan')", "-1", "1000", "np.float64(2.5)", "{'points': 4, 'earned': 4}")
    for exercise, form in zip(POINTS, forms, strict=True):
        paper.answer(exercise, f"def {exercise}(*arguments):\n    print({FULL}.0)\n    return {form}")


class _Payload:
    def __init__(self, target: str) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.target}",)


@attack(11)
def pickled_payloads(paper: Paper) -> None:
    """As an answer, in the channel's own form, in an object array, and in files that somebody might load."""
    payload = pickle.dumps(_Payload(str(paper.places["canary"])))
    for name in ("answer.pkl", "answer.npy", "04-softmax.pickle"):
        paper.file(name, payload)
    text = base64.b64encode(payload).decode()
    paper.first(
        f"import base64, pickle\nimport numpy as np\npayload = base64.b64decode('{text}')\n"
        "class Evil:\n    def __reduce__(self):\n        return eval, ('1/0',)"
    )
    forms = (
        "payload",
        "pickle.dumps(np.ones(3))",
        "Evil()",
        "np.array([Evil()], dtype=object)",
        "np.void(payload)",
    )
    for exercise, form in zip(POINTS, forms, strict=True):
        paper.answer(exercise, f"def {exercise}(*arguments):\n    return {form}")
