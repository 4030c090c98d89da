"""`%pip install ...` in a notebook."""

from piplite.piplite import SENTENCE


async def get_transformed_code(_arguments: list[str]) -> str:
    """The line that stands for the magic: it says why not."""
    return f"print({SENTENCE!r})"
