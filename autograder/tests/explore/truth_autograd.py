"""What the alt text of a graph walked node by node must say, computed apart from the kit, with mpmath.

The gradient of a node is the complex step at that node. What has arrived "so far" is the complex step through those
nodes alone that have handed on already.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from mpmath import exp, im, mp, mpc, mpf, tanh
from mpmath import re as real

Nodes = list[tuple[Callable[..., Any] | None, tuple[int, ...]]]


def _graph(label: str, x: Any, y: Any, z: Any) -> tuple[list[Any], Nodes]:
    """The input numbers, and for each node what it does with which others."""
    add, mul = (lambda a, b: a + b), (lambda a, b: a * b)
    if label in ("product", "(x + y) z"):
        return [x, y, z], [(None, ()), (None, ()), (None, ()), (add, (0, 1)), (mul, (3, 2))]
    if label in ("twice", "x x + x"):
        return [x], [(None, ()), (mul, (0, 0)), (add, (1, 0))]
    if label in ("sigmoid", "the sigmoid of x"):
        nodes: Nodes = [(None, ())] * 3
        nodes += [(mul, (0, 1)), (exp, (3,)), (add, (4, 2)), (lambda a, b: a**b, (5, 1))]
        return [x, mpf(-1), mpf(1)], nodes
    return [x, y], [(None, ()), (None, ()), (mul, (0, 1)), (add, (2, 0)), (tanh, (3,)), (mul, (2, 4))]


def autograd_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    mp.dps = max(mp.dps, 50)
    given, nodes = _graph(values["graph"], *(mpf(str(values[name])) for name in "xyz"))
    found = re.match(r"The graph of f = .+?, step (\d+)\. Values: (.+?)\. Gradients: (.+?)\.( |$)", alt)
    assert found, alt
    step, count = int(found[1]), len(nodes)
    assert step == int(values["step"])
    said, back = (re.findall(r"node (\d+) (\S+?)( so far)?(?:,|$)", part) for part in (found[2], found[3]))
    assert [int(k) for k, _, _ in said] == [int(k) for k, _, _ in back] == list(range(count))
    true = _values(given, nodes, -1, set(range(count)))
    visited = set(range(count - max(step - count, 0), count))
    for k in range(count):
        if k >= max(step, len(given)):
            assert said[k][1] == "?"
        else:
            _near(said[k][1], real(true[k]))
        reached = k == count - 1 or any(k in nodes[j][1] for j in visited)
        if hidden or step <= count or not reached:
            assert back[k][1] == "?", (k, alt)
            continue
        slope = im(_values(given, nodes, k, visited)[-1]) / mpf("1e-40")
        _near(back[k][1], slope)
        assert (back[k][2] == "") == (k in visited), alt


def _values(given: list[Any], nodes: Nodes, moved: int, open_nodes: set[int]) -> list[Any]:
    """Every node's value; node `moved` a tiny step off, which only `open_nodes` let through."""
    found: list[Any] = []
    for k, (operation, row) in enumerate(nodes):
        if operation is None:
            found.append(mpc(given[k]))
        else:
            passing = [found[j] if k in open_nodes else mpc(real(found[j])) for j in row]
            found.append(mpc(operation(*passing)))
        if k == moved:
            found[k] += mpc(0, mpf("1e-40"))
    return found


def _near(said: str, true: Any) -> None:
    """Whether the number said is the true one, rounded to the digits that were said."""
    digits, _, power = said.partition("e")
    step = mpf(10) ** (int(power or 0) - len(digits.partition(".")[2]))
    assert abs(mpf(said) - true) <= step * mpf("0.5001") + abs(true) * mpf("1e-9"), (said, true)
