"""The judge: from outcomes to points and reasons."""

from autograder.kit.judge.verdict import judge

__all__ = ["judge"]
