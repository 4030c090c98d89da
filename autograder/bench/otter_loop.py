"""Run by the Python that has Otter-Grader: grades notebooks one by one and prints the scores as JSON.

`PYTHON otter_loop.py AUTOGRADER.zip NOTEBOOK...` is what `otter run` does, with Otter imported once for all.
"""

import json
import sys


def main() -> None:
    """Grades every notebook; the last line printed is a list of scores in their order."""
    from otter.api import grade_submission

    archive, *notebooks = sys.argv[1:]
    results = [grade_submission(notebook, archive, quiet=True) for notebook in notebooks]
    print(json.dumps([result.total for result in results]))


if __name__ == "__main__":
    sys.path.pop(0)  # this folder's modules are not Otter's business
    main()
