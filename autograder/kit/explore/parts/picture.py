"""A finished picture, and how it is shown: an image with its numbers, and a small table, folded."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from autograder.kit.explore.parts.svg import Svg
from autograder.kit.explore.parts.words import printable


@dataclass(frozen=True)
class Picture:
    """A drawing with its description. `alt` states its numbers; `table` holds the same data, its heading first."""

    svg: Svg
    alt: str
    table: Sequence[Sequence[str]] = field(default_factory=list)

    def html(self) -> str:
        """An image and a table. Both survive JupyterLab's sanitizer in a notebook that is not trusted.

        The classes are for `widget.css`, which comes with the live controls and gives the picture the page's colours.
        Without it nothing is lost. An exported page is light, and the picture is so with it.
        """
        code = base64.b64encode(self.svg.render().encode()).decode()
        image = (
            f'<img class="explore-picture" alt="{escape(printable(self.alt))}" '
            f'width="{self.svg.width}" height="{self.svg.height}" style="color-scheme: light" '
            f'src="data:image/svg+xml;base64,{code}">'
        )
        return f'<div class="explore-frame">{image}</div>{self._table()}'

    def _table(self) -> str:
        if not self.table:
            return ""
        head, *rows = self.table
        heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
        body = "".join(
            f'<tr><th scope="row">{escape(first)}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in rows
        )
        return (
            "<details><summary>The picture's numbers</summary>"
            f"<table><thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table></details>"
        )

    def bundle(self) -> dict[str, str]:
        """For `display`: HTML, and the description where only text is shown."""
        return {"text/html": self.html(), "text/plain": self.alt}
