"""The accessibility checker is the one that was published."""

import hashlib

from autograder.tests.browser.axe import SCRIPT

# axe-core 4.14.1, as npm has it.
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def test_axe_is_not_modified_and_has_its_licence() -> None:
    assert hashlib.sha256(SCRIPT.read_bytes()).hexdigest() == SHA256
    assert "Mozilla Public License" in (SCRIPT.parent / "LICENSE").read_text(encoding="utf-8")
