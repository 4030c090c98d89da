"""Points of a picture that can be dragged. `widget.js` lays a ring over each; a drag moves sliders, nothing else."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pull:
    """A slider that follows a drag: by `per_pixel` of its value for each pixel along the axis, "x" or "y"."""

    slider: str
    axis: str
    per_pixel: float


@dataclass(frozen=True)
class Grip:
    """Where it stands, in pixels of the picture, how large what it stands on is, and what follows it."""

    x: float
    y: float
    pulls: tuple[Pull, ...]
    radius: float = 7

    def spec(self) -> dict[str, Any]:
        """For the browser."""
        pulls = [
            {"slider": pull.slider, "axis": pull.axis, "perPixel": pull.per_pixel} for pull in self.pulls
        ]
        return {"x": self.x, "y": self.y, "radius": self.radius, "pulls": pulls}
