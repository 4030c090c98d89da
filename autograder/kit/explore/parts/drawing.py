"""What every picture has in common: a drawing, sentences below it, the same in words, a table of its numbers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from autograder.kit.explore.parts.controls import GUESSING, REVEALED
from autograder.kit.explore.parts.picture import Picture
from autograder.kit.explore.parts.svg import Svg

State = Mapping[str, Any]

WIDTH, LEFT, LINE = 720, 20, 19


class Drawing(ABC):
    """One picture of one setting of the controls, `state`.

    A picture says what stands in `draw`, `sentences`, `facts` and `table`; how large it gets is found here.
    """

    state: State

    @property
    def hidden(self) -> bool:
        """Whether there is something that the student is still to guess."""
        return bool(self.state[GUESSING] and not self.state[REVEALED])

    @property
    @abstractmethod
    def bottom(self) -> float:
        """The baseline of the first sentence: what is drawn ends above it."""

    @abstractmethod
    def draw(self, svg: Svg) -> None:
        """Draws all but the sentences."""

    @abstractmethod
    def facts(self) -> str:
        """The numbers of the drawing in words, for those who do not see it."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """What is to be seen, and what the student's function does."""

    @abstractmethod
    def table(self) -> list[list[str]]:
        """The numbers once more, the heading first."""

    def picture(self) -> Picture:
        """The drawing with its sentences, its description and its table."""
        sentences = self.sentences()
        lines = Svg(WIDTH, 0).wrapped(LEFT, sentences)
        svg = Svg(WIDTH, round(self.bottom) + LINE * len(lines))
        self.draw(svg)
        svg.paragraphs(LEFT, self.bottom, sentences)
        return Picture(svg, " ".join([self.facts(), *sentences]), self.table())
