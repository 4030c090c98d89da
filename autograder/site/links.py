"""Links between lessons: a notebook leads to notebooks, a page of the reading copy to pages."""

import re

# From one lesson's folder to another's notebook, or to a text that lies beside the folders.
TO_NOTEBOOK = re.compile(r'href="\.\./([\w-]+)/\1\.ipynb((?:#[^"]*)?)"')
TO_TEXT = re.compile(r'href="(?:\.\./)?([\w-]+)\.md((?:#[^"]*)?)"')
FROM_TEXT = re.compile(r'href="([\w-]+)/\1\.ipynb((?:#[^"]*)?)"')


def to_pages(html: str) -> str:
    """The same HTML with its links to lessons and texts leading to their pages, all in one folder."""
    for pattern in (TO_NOTEBOOK, TO_TEXT, FROM_TEXT):
        html = pattern.sub(r'href="\1.html\2"', html)
    return html
