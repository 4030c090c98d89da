"""Formulas as MathML: what TeX would do for the eye is done here too."""

import xml.etree.ElementTree as ET

import pytest

from autograder.lab.markdown import exported, markdown_to_html
from autograder.lab.mathml import breakable, formula, side_by_side

M = "{http://www.w3.org/1998/Math/MathML}"


def drawn(source: str) -> ET.Element:
    return ET.fromstring(formula(source))


def test_a_formula_becomes_mathml_and_code_stays_code() -> None:
    html = markdown_to_html(
        "The slope $s(1-s)$ and `$x`:\n\n$$J_{ij} = \\frac{\\partial p_i}{\\partial z_j}$$"
    )
    assert html.count("<math") == 2
    assert 'display="block"' in html
    assert "<code>$x</code>" in html


@pytest.mark.parametrize(
    ("source", "prime"), [("f'(x)", "\u2032"), ("f''(x)", "\u2033"), ("f_l'(z)", "\u2032")]
)
def test_a_prime_stands_beside_its_letter_at_full_size(source: str, prime: str) -> None:
    tree = drawn(source)
    marks = [element for element in tree.iter(f"{M}mo") if element.text == prime]
    assert len(marks) == 1
    assert not [each for each in tree.iter(f"{M}msup") if marks[0] in list(each)]
    assert marks[0].get("lspace") == marks[0].get("rspace") == "0"


@pytest.mark.parametrize(
    ("source", "spaces"),
    [
        (r"\log x", 1),
        (r"\log(x)", 0),
        (r"2\log x", 2),
        (r"a \log(x)", 1),
        (r"-\log p_c", 1),
        (r"\log_2 x", 1),
        (r"\sin^2 x", 1),
        (r"(x)\sin x", 2),
        (r"\sum_i \log p_i", 1),
        (r"\operatorname{softplus}'(x)", 0),
        (r"\max(x, 0)", 0),
    ],
)
def test_a_function_keeps_its_distance_except_from_a_bracket(source: str, spaces: int) -> None:
    assert len(list(drawn(source).iter(f"{M}mspace"))) == spaces


@pytest.mark.parametrize(
    ("source", "forms"),
    [
        ("(a, -b)", ["prefix"]),
        ("x = -1", ["prefix"]),
        ("a - b", [None]),
        (r"a \cdot -b", ["prefix"]),
        ("f(x) - 1", [None]),
        ("x^{-1}", [None]),
        ("(-1)", ["prefix"]),
    ],
)
def test_a_minus_is_a_sign_or_a_difference(source: str, forms: list[str | None]) -> None:
    assert [each.get("form") for each in drawn(source).iter(f"{M}mo") if each.text == "\u2212"] == forms


def test_a_box_has_a_frame_and_even_room_inside() -> None:
    tree = drawn(r"\boxed{\;a = b\;}")
    [box] = [each for each in tree.iter() if "border" in (each.get("style") or "")]
    assert [each.text for each in box.iter() if each.text] == ["a", "=", "b"]
    assert not list(box.iter(f"{M}mspace"))


def test_upright_letters_stay_upright() -> None:
    assert drawn(r"\mathrm{d}x").find(f".//{M}mi").get("mathvariant") == "normal"
    assert drawn(r"\Delta x").find(f".//{M}mi").get("mathvariant") == "normal"
    assert drawn("d x").find(f".//{M}mi").get("mathvariant") is None


def test_a_long_formula_in_a_line_may_be_broken_before_a_relation() -> None:
    long = r"-0.80155\cdot 0.1 + 0.28536\cdot 0.4 + 0.51620\cdot 0.8 = 0.44694"
    pieces = breakable(long).split("<wbr>")
    assert len(pieces) == 7
    for piece in pieces[1:]:
        first = ET.fromstring(piece)[0][0]
        assert first.get("form") == "infix"
    whole = "".join(drawn(long).itertext())
    assert "".join("".join(ET.fromstring(piece).itertext()) for piece in pieces) == whole
    assert "<wbr>" not in breakable("p_i(1 - p_i)")
    assert "<wbr>" not in breakable(r"\left( aaaaaaaaaaaaa + bbbbbbbbbbbbbbbb = ccccccc \right)")


def test_formulas_side_by_side_may_stand_below_each_other() -> None:
    source = r"W \leftarrow -W, \qquad b = \begin{pmatrix} 1 & 2 \end{pmatrix} \qquad -c"
    pieces = side_by_side(source)
    assert ["".join(ET.fromstring(each).itertext()) for each in pieces] == [
        "W\u2190\u2212W,",
        "b=(12)",
        "\u2212c",
    ]
    assert all(ET.fromstring(each).get("display") == "block" for each in pieces)
    assert len(side_by_side(r"\boxed{a \qquad b}")) == 1, "a box holds together"


def test_what_cannot_be_understood_stays_as_a_student_typed_it() -> None:
    assert r"<code>\frac</code>" in exported({}, r"one that nobody can draw: $\frac$")
