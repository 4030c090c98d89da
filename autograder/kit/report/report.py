"""The report of a check, as it is handed about: data that shows itself."""

from dataclasses import dataclass
from typing import Any

from autograder.kit.report import html, text
from autograder.kit.report.data import Findings


@dataclass(frozen=True)
class Report(Findings):
    """What a check of one exercise found.

    In a notebook it shows itself as HTML, and its plain form is the points earned as a bare number, because
    that is where nbgrader reads a partial score from.
    """

    def to_json(self) -> dict[str, Any]:
        """The report as data: exercise, points, earned, advice, and the sub-checks."""
        return {
            "exercise": self.exercise,
            "points": self.points,
            "earned": self.earned,
            "sub_checks": [
                {
                    "name": result.name,
                    "points": result.points,
                    "passed": result.passed,
                    "message": text.message(result),
                    "misconception": result.misconception,
                    "relation": result.relation,
                }
                for result in self.results
            ],
            "advice": list(self.advice),
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """The report for a terminal. The numbers are told for the first sub-check that failed."""
        return text.of(self)

    def html(self) -> str:
        """The report for JupyterLab and for a feedback page."""
        return html.of(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": str(float(self.earned))}
