"""The pictures of a page as files of their own: a page stays small, and what stands twice is stored once."""

import base64
import hashlib
import re
from pathlib import Path

DATA = re.compile(r'src="data:image/(png|svg\+xml);base64,([^"]+)"')
IMAGE = re.compile(r"<img\b[^>]*>")
WIDTH = re.compile(r'\bwidth="(\d+)"')
# A picture is not drawn smaller than this part of its size; on a narrow screen it scrolls instead.
SMALLEST = 0.8


class Pictures:
    """A folder of pictures beside the pages."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def filed(self, html: str) -> str:
        """The HTML with every picture in it written to a file, in a box that scrolls where the page is narrow."""
        return IMAGE.sub(lambda found: self._boxed(DATA.sub(self._file, found[0])), html)

    def _file(self, found: re.Match[str]) -> str:
        content = base64.b64decode(found[2])
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{'svg' if 'svg' in found[1] else 'png'}"
        self.directory.mkdir(exist_ok=True)
        (self.directory / name).write_bytes(content)
        return f'src="{self.directory.name}/{name}"'

    def _boxed(self, image: str) -> str:
        width = WIDTH.search(image)
        least = f' style="min-width:{round(int(width[1]) * SMALLEST)}px"' if width else ""
        # In a notebook a picture is light unless the notebook says otherwise; here it is as the page is.
        image = image.replace(' style="color-scheme: light"', "")
        loading = image.replace("<img", f'<img loading="lazy"{least}', 1)
        return f'<div class="picture scroll" data-name="Picture">{loading}</div>'
