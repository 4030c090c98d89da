"""A folder served as any static web server would, and what is asked of it."""

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class _Silent(http.server.SimpleHTTPRequestHandler):
    def __init__(
        self, *args: object, asked: list[str], sent: list[tuple[str, int]], **kwargs: object
    ) -> None:
        self.asked, self.sent = asked, sent
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        content = source.read()
        self.sent.append((self.path, len(content)))
        outputfile.write(content)


@contextlib.contextmanager
def served(
    folder: Path, asked: list[str] | None = None, sent: list[tuple[str, int]] | None = None
) -> Iterator[str]:
    """Serves the folder on a free port of this machine; gives its address.

    What is asked for is added to `asked`; what is sent, with its bytes, to `sent`. Nothing is compressed.
    """
    handler = functools.partial(
        _Silent,
        directory=str(folder),
        asked=[] if asked is None else asked,
        sent=[] if sent is None else sent,
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
