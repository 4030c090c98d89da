"""Figures that do not move: matplotlib, with a description for those who cannot see them."""

import base64
import io
from html import escape
from typing import Any


def show_figure(figure: Any, alt: str) -> None:
    """Shows a matplotlib figure as an image with alt text, and closes it.

    `alt` says what the picture shows, its numbers included; it is what a screen reader reads, and what stands
    there if the image cannot be drawn. Works in a saved, untrusted notebook and in an exported page.
    """
    import matplotlib.pyplot as plt
    from IPython.display import HTML, display

    if not alt.strip():
        raise ValueError("show_figure needs alt text: say in a sentence what the figure shows")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    plt.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode()
    width = round(figure.get_figwidth() * 90)
    display(HTML(f'<img alt="{escape(alt)}" width="{width}" src="data:image/png;base64,{data}">'))
