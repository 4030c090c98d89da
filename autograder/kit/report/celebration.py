"""What a report shows when a check has earned the last point of its lesson: a sentence, and dots that rise once."""

from html import escape

DOTS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442")
# Who has asked their system for less motion sees the dots where they end. The sentence says all there is to say, so
# screen readers are told nothing of the dots. Frame and text have the theme's colours.
STYLE = """\
<style>
.course-complete{margin-top:8px;padding:6px 12px;border:1px solid var(--jp-success-color1,#388e3c);border-radius:6px}
.course-complete i{display:inline-block;width:9px;height:9px;margin-right:5px;border-radius:50%;background:var(--dot)}
@media (prefers-reduced-motion:no-preference){
.course-complete i{animation:course-complete .8s ease-out var(--wait) 1 both}
@keyframes course-complete{0%{transform:translateY(14px) scale(0)}60%{transform:translateY(-6px) scale(1.25)}}
}
</style>"""


def html(sentence: str) -> str:
    """The sentence with the dots before it."""
    dots = "".join(
        f'<i style="--dot:{colour};--wait:{0.09 * place:.2f}s"></i>' for place, colour in enumerate(DOTS)
    )
    return f'{STYLE}<div class="course-complete"><span aria-hidden="true">{dots}</span> <b>{escape(sentence)}</b></div>'
