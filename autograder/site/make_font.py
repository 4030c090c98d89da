"""Makes assets/stix-two-math.woff2: STIX Two Math with the signs that formulas of this course may use.

    python3 -m autograder.site.make_font stix-two-math-latin-400-normal.woff2

The argument is the whole font, from npm's `@fontsource/stix-two-math` 5.3.0. Needs fonttools, and brotli for WOFF2.
Its licence, the SIL Open Font License, lies beside it and goes wherever it goes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

FONT = Path(__file__).with_name("assets") / "stix-two-math.woff2"
# Without these tables and features roots, brackets and indices would not be where they belong.
FEATURES = ["ssty", "dtls", "flac", "kern", "mark", "mkmk", "ccmp", "rtlm"]
RANGES = (
    (0x20, 0x7E),  # Latin
    (0xA0, 0xFF),
    (0x131, 0x131),  # dotless i and j, for accents
    (0x237, 0x237),
    (0x2C6, 0x2DC),  # accents
    (0x300, 0x30C),
    (0x391, 0x3C9),  # Greek, and its variants
    (0x3D1, 0x3D6),
    (0x3F0, 0x3F5),
    (0x2010, 0x2037),  # dashes, bars, dots, primes
    (0x2057, 0x2063),
    (0x20D7, 0x20D7),  # the arrow over a vector
    (0x2102, 0x2131),  # letters like the script L and the R of the reals
    (0x2190, 0x219F),  # arrows
    (0x21A6, 0x21A6),
    (0x21D0, 0x21D4),
    (0x2200, 0x226F),  # operators and relations
    (0x2295, 0x2299),
    (0x22C5, 0x22C5),
    (0x22EE, 0x22F1),
    (0x2308, 0x230B),  # brackets and braces
    (0x23B4, 0x23B5),
    (0x23DE, 0x23DF),
    (0x27E8, 0x27E9),
    (0x27F5, 0x27FA),
    (0x1D400, 0x1D467),  # bold, italic; script; double-struck; sans-serif
    (0x1D49C, 0x1D4CF),
    (0x1D538, 0x1D56B),
    (0x1D5A0, 0x1D5D3),
    (0x1D6A4, 0x1D71B),
)


def signs() -> Iterator[int]:
    """The code points that the font is asked to keep."""
    for first, last in RANGES:
        yield from range(first, last + 1)


def make(whole: Path) -> None:
    """Writes the font beside the pages' other files."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(whole)
    options = subset.Options(hinting=False, layout_features=FEATURES, name_IDs=["*"])
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=signs())
    chosen.subset(font)
    font.flavor = "woff2"
    font.save(FONT)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
