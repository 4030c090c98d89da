"""Markdown as HTML with its formulas as MathML, which a browser draws by itself, without a script from elsewhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.lab.mathml import formula


class MathMLRenderer(IPythonRenderer):
    """nbconvert's Markdown renderer, with formulas as MathML instead of text for a script to find."""

    def inline_math(self, body: str) -> str:
        """A formula within a line."""
        return formula(body)

    def block_math(self, body: str) -> str:
        """A formula on a line of its own."""
        return formula(body, display=True)


class ForgivingRenderer(MathMLRenderer):
    """For what students write: a formula that cannot be understood stays as they typed it."""

    def inline_math(self, body: str) -> str:
        """A formula within a line."""
        return _or_as_typed(super().inline_math, body)

    def block_math(self, body: str) -> str:
        """A formula on a line of its own."""
        return _or_as_typed(super().block_math, body)


def _or_as_typed(drawn: Any, body: str) -> str:
    try:
        return str(drawn(body))
    except Exception:  # latex2mathml raises errors of many kinds
        return f"<code>{escape(body)}</code>"


def markdown_to_html(source: str) -> str:
    """A Markdown cell as HTML, formulas included; raises where a formula cannot be understood."""
    return str(MarkdownWithMath(renderer=MathMLRenderer(escape=False)).render(source))


@pass_context
def exported(context: Mapping[str, Any], source: str) -> str:
    """The filter for nbconvert's pages, which knows the cell's attached images."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = ForgivingRenderer(escape=False, attachments=attachments)
    return str(MarkdownWithMath(renderer=renderer).render(source))
