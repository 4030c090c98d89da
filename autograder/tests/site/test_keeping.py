"""The service worker on a small site: what was loaded is kept, a new build is picked up, what is old goes."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Page

from autograder.bench.browser import until
from autograder.bench.serving import served
from autograder.site.keeping import NAME, write_worker
from autograder.site.whole import LIVE

PAGE = """<!DOCTYPE html><title>small</title><link rel="icon" href="data:,"><script type="module">
import { keepFiles, loaded } from "./keeping.js";
window.done = keepFiles({ seen: [location.href, ...loaded()], pages: true }).then(() => "done");
</script>"""
KEPT = """async () => { const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  return found.sort(); }"""
TEXT = "async name => await (await fetch(name)).text()"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A site of some files, in a folder of the server's."""
    folder = tmp_path / "served" / "course"
    (folder / "work" / "pyodide").mkdir(parents=True)
    files = {
        "index.html": PAGE,
        "keeping.js": (LIVE / "keeping.js").read_text(),
        "changes.txt": "old",
        "stays.txt": "same",
        "work/pyodide/numpy.whl": "large",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    write_worker(folder)
    return folder


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def wait_until_kept(page: Page, *names: str) -> None:
    wanted = sorted(f"/course/{name}" for name in names)
    until(lambda: page.evaluate(KEPT) == wanted, f"{wanted} are kept", 60)


PAGES = ("changes.txt", "index.html", "keeping.js", "stays.txt")


def test_what_is_kept_is_not_asked_for_again_and_works_without_a_server(page: Page, small: Path) -> None:
    asked: list[str] = []
    with served(small.parent, asked) as address:
        page.goto(f"{address}/course/")
        wait_until_kept(page, *PAGES)
        asked.clear()
        page.goto(f"{address}/course/index.html?a=b")
        assert page.evaluate(TEXT, "stays.txt") == "same"
        assert page.evaluate(TEXT, "work/pyodide/numpy.whl") == "large"
        wait_until_kept(page, *PAGES, "work/pyodide/numpy.whl")
        assert set(asked) <= {f"/course/{NAME}", "/course/work/pyodide/numpy.whl"}
    page.goto(f"{address}/course/")
    assert page.title() == "small"
    assert page.evaluate(TEXT, "work/pyodide/numpy.whl") == "large"


def test_a_new_build_is_picked_up_and_what_did_not_change_stays(page: Page, small: Path) -> None:
    asked: list[str] = []
    with served(small.parent, asked) as address:
        page.goto(f"{address}/course/")
        wait_until_kept(page, *PAGES)
        (small / "changes.txt").write_text("new")
        (small / "stays.txt").rename(small / "renamed.txt")
        write_worker(small)
        later = time.time() + 10  # a server tells by the second whether a file is new
        os.utime(small / NAME, (later, later))
        asked.clear()
        page.evaluate("navigator.serviceWorker.ready.then(found => found.update()).then(() => null)")

        def is_new() -> bool:
            page.reload()
            return page.evaluate(TEXT, "changes.txt") == "new"

        until(is_new, "the new build is picked up", 60)
        wait_until_kept(page, "changes.txt", "index.html", "keeping.js", "renamed.txt")
        assert not {"/course/index.html", "/course/keeping.js"} & set(asked)


def test_what_is_not_the_file_of_this_build_is_not_kept(page: Page, small: Path) -> None:
    (small / "changes.txt").write_text("a server that is behind, or ahead")
    with served(small.parent) as address:
        page.goto(f"{address}/course/")
        wait_until_kept(page, *(name for name in PAGES if name != "changes.txt"))
        assert page.evaluate(TEXT, "changes.txt").startswith("a server")


@pytest.mark.parametrize("taken", ["navigator.serviceWorker", "caches", "caches.open"])
def test_where_it_is_not_allowed_nothing_breaks(page: Page, small: Path, taken: str) -> None:
    take = {
        "navigator.serviceWorker": "delete Navigator.prototype.serviceWorker",
        "caches": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no'))",
    }
    if taken in take:
        page.add_init_script(take[taken])
    else:  # in the worker itself: a store that is full or forbidden
        worker = small / NAME
        worker.write_text(
            "caches.open = () => Promise.reject(new DOMException('full'));\n" + worker.read_text()
        )
    with served(small.parent) as address:
        page.goto(f"{address}/course/")
        if taken in take:
            assert page.evaluate("window.done") == "done"
        else:
            page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.reload()
        assert page.evaluate(TEXT, "stays.txt") == "same"
