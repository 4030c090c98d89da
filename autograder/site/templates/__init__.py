"""The pages' templates."""

import functools
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def render(name: str, **values: Any) -> str:
    """A template with its values. What they hold is HTML where the template says so, and text elsewhere."""
    return Markup(_environment().get_template(name).render(**values))
