"""axe-core, which finds barriers in a page, on what the course puts into it."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
# JupyterLab's own parts are not ours to mend.
OURS = ".jp-Notebook .jp-OutputArea-output"

_SCAN = """async ours => {
  const found = await axe.run({include: [ours]}, {resultTypes: ['violations']});
  return found.violations.flatMap(violation => violation.nodes.map(
    node => [violation.impact, `${violation.id}: ${node.html.slice(0, 200)} (${node.failureSummary})`]));
}"""


def barriers(page: Page, part: str = OURS) -> list[str]:
    """What axe calls serious or critical in that part of the page; the part must be there."""
    assert page.locator(part).count(), f"nothing to scan: {part}"
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return [text for impact, text in page.evaluate(_SCAN, part) if impact in ("serious", "critical")]
