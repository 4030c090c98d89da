"""What is shown of a check: as data, as text, as HTML."""

from autograder.kit.report.data import Report, Result, Shown

__all__ = ["Report", "Result", "Shown"]
