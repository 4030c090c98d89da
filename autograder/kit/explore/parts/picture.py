"""What a drawing function hands back, and how it is shown: an image with its numbers, and a small table."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from autograder.kit.explore.parts.svg import Svg, printable


@dataclass(frozen=True)
class Picture:
    """A drawing with its description. `alt` states its numbers; `table` holds the same data, its heading first."""

    svg: Svg
    alt: str
    table: Sequence[Sequence[str]] = field(default_factory=list)

    def html(self) -> str:
        """An image and a table. Both survive JupyterLab's sanitizer in a notebook that is not trusted."""
        code = base64.b64encode(self.svg.render().encode()).decode()
        image = (
            f'<img alt="{escape(printable(self.alt))}" width="{self.svg.width}" height="{self.svg.height}" '
            f'src="data:image/svg+xml;base64,{code}">'
        )
        return f"<div>{image}</div>{self._table()}"

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
            "<table><caption>The picture's numbers</caption>"
            f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>"
        )

    def bundle(self) -> dict[str, str]:
        """For `display`: HTML, and the description where only text is shown."""
        return {"text/html": self.html(), "text/plain": self.alt}
