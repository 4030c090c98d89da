"""The service worker: the browser keeps the site's files, loads each once, and the course works without a network."""

import hashlib
import json
from pathlib import Path

TEMPLATE = Path(__file__).with_name("in_browser") / "service-worker.js"
NAME = TEMPLATE.name
# Digits of a file's SHA-256: enough to tell builds apart.
SHORT = 32


def write_worker(directory: Path) -> None:
    """Writes the site's service worker; all other files must be there. A new content of any file makes it a new one.

    JupyterLite's own worker, which its file system needs, is part of it: a page has only one.
    """
    worker = directory / NAME
    worker.unlink(missing_ok=True)
    hashes = {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:SHORT]
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }
    theirs = directory / "work" / NAME
    parts = [
        f"const FILES = new Map(Object.entries({json.dumps(hashes, indent=0)}));",
        TEMPLATE.read_text(encoding="utf-8"),
        f"(() => {{\n{theirs.read_text(encoding='utf-8')}\n}})();" if theirs.is_file() else "",
    ]
    worker.write_text("\n".join(parts), encoding="utf-8")
