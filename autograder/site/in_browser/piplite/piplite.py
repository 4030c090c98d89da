"""What the kernel sets here at its start is not used: nothing is loaded from another machine."""

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS: list = []

SENTENCE = "Nothing can be installed in this course: what its notebooks need is there already."


async def install(*_args: object, **_kwargs: object) -> None:
    """Says that nothing can be installed."""
    raise RuntimeError(SENTENCE)
