"""The colours that all pictures share, in a light and in a dark page.

A picture is an image, and a page's style does not reach into images. So a picture carries the dark colours itself:
it is dark where the page has the CSS property `color-scheme: dark`, or where the system asks for dark pages and the
page says nothing. A program that knows nothing of this shows the light colours.
"""

# Okabe and Ito's colours, which the colour-blind can tell apart. No picture tells by colour alone.
BLUE, VERMILION, GREEN, ORANGE, PURPLE = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7"
# Black is the student's own, in every picture; the reference is coloured.
YOURS, INK, FAINT, SHADE = "#000000", "#222222", "#D0D0D0", "#E4E4E4"
CARD, TRACK, EDGE = "#FFFFFF", "#F4F4F4", "#767676"
# What a number's cell is filled with, the more the larger the number; print on it stays readable.
POSITIVE, NEGATIVE = "#6EAFE1", "#F0AF46"

DARK = {
    BLUE: "#56B4E9",
    VERMILION: "#F28A4B",
    GREEN: "#3CC49A",
    ORANGE: "#F0B73E",
    PURPLE: "#E0A3C6",
    YOURS: "#FFFFFF",
    INK: "#E6E6E6",
    FAINT: "#4A4A4A",
    SHADE: "#383838",
    CARD: "#1C1C1C",
    TRACK: "#2A2A2A",
    EDGE: "#9A9A9A",
    POSITIVE: "#1F6596",
    NEGATIVE: "#8A5A12",
}


def stylesheet() -> str:
    """The picture's own style: another colour for each of the light ones where the page is dark."""
    rules = [
        f'[{part}="{light}"]{{{part}:{dark}}}' for light, dark in DARK.items() for part in ("fill", "stroke")
    ]
    return f"@media (prefers-color-scheme: dark){{{''.join(rules)}}}"


def tint(part: float) -> tuple[str, float]:
    """Colour and opacity for a number, -1 to 1: blue if positive, orange if negative, nothing at 0."""
    return (POSITIVE if part > 0 else NEGATIVE), min(abs(part), 1.0) ** 0.7
