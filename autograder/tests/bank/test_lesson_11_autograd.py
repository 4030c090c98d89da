"""Lesson 11: the references against mpmath at 50 digits, the complex step, PyTorch's autograd, and lesson 09."""

from typing import Any

import mpmath
import numpy as np
import pytest
import torch

from autograder.bank.lesson_08_backprop_by_hand.common import BIASES, EXAMPLE, WEIGHTS
from autograder.bank.lesson_09_four_equations.backprop import backprop
from autograder.bank.lesson_09_four_equations.networks import network
from autograder.bank.lesson_11_autograd.common import Graph, drawn_graph
from autograder.bank.lesson_11_autograd.engine_backprop import engine_backprop
from autograder.bank.lesson_11_autograd.graph_gradients import graph_gradients
from autograder.bank.lesson_11_autograd.graph_values import EVERY_OP, graph_values
from autograder.bank.lesson_11_autograd.local_derivatives import local_derivatives
from autograder.bank.lesson_11_autograd.topological_order import topological_order
from autograder.bank.lesson_11_autograd.unbroadcast import unbroadcast
from autograder.bank.lesson_11_autograd.value_gradients import value_gradients
from autograder.kit import graphs

mpmath.mp.dps = 50
STEP = mpmath.mpf("1e-40")
EXACT = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "pow": lambda a, b: mpmath.power(a, b),
    "max": lambda a, b: a if mpmath.re(a) > mpmath.re(b) else b,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "tanh": mpmath.tanh,
}


def exact_values(graph: Graph, moved: int = -1) -> list[Any]:
    """Every node's value with 50 digits; node `moved` has the imaginary part STEP added."""
    found: dict[int, Any] = {}
    left = iter(graph.inputs)
    for k, op in enumerate(graph.ops):  # drawn graphs have their nodes in order
        given = [found[j] for j in graph.parents[k]]
        found[k] = mpmath.mpmathify(next(left)) if op == "input" else EXACT[op](*given)
        if k == moved:
            found[k] = mpmath.mpc(found[k]) + mpmath.mpc(0, STEP)
    return [found[k] for k in range(len(graph.ops))]


GRAPHS = [
    drawn_graph(
        np.random.default_rng(seed), 3, np.random.default_rng(seed).permutation(EVERY_OP), seed % 2 > 0
    )
    for seed in range(8)
]
each_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: "-".join(graph.ops[3:]))


@each_graph
def test_a_graph_forwards_and_backwards_against_mpmath_and_the_complex_step(graph: Graph) -> None:
    values = graph_values(graph.ops, graph.parents, graph.inputs)
    np.testing.assert_allclose(values, [float(each) for each in exact_values(graph)], rtol=1e-13)
    for output in (len(graph.ops) - 1, 5):
        ours = graph_gradients(graph.ops, graph.parents, values, output)
        for k in range(len(graph.ops)):
            slope = float(mpmath.im(exact_values(graph, k)[output]) / STEP)
            assert ours[k] == pytest.approx(slope, rel=1e-11, abs=1e-13)


@each_graph
def test_the_numbers_of_the_nodes_do_not_matter(graph: Graph) -> None:
    other, place = graph.shuffled(np.random.default_rng(1))
    values = graph_values(other.ops, other.parents, other.inputs)
    np.testing.assert_allclose(values[place], graph.values, rtol=1e-14)
    output = len(graph.ops) - 1
    ours = graph_gradients(other.ops, other.parents, values, int(place[output]))
    np.testing.assert_allclose(ours[place], graph.slopes(output), rtol=1e-12)
    order = topological_order(other.parents)
    assert sorted(order) == list(range(len(order)))
    assert all(order.index(j) < order.index(k) for k, row in enumerate(other.parents) for j in row)


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        ("add", [1.5, -2.0]), ("mul", [1.5, -2.0]), ("pow", [1.5, -2.0]), ("pow", [0.25, 1.5]),
        ("max", [1.5, -2.0]), ("max", [-2.0, 1.5]), ("exp", [-1.5]), ("log", [0.25]), ("tanh", [0.75]),
    ],
)  # fmt: skip
def test_local_derivatives_against_the_complex_step(op: str, inputs: list[float]) -> None:
    for k, slope in enumerate(local_derivatives(op, inputs)):
        stepped = [mpmath.mpc(v, STEP if k == j else 0) for j, v in enumerate(inputs)]
        assert float(slope) == pytest.approx(float(mpmath.im(EXACT[op](*stepped)) / STEP), rel=1e-14)


def test_what_is_agreed_where_there_is_no_slope() -> None:
    assert [float(each) for each in local_derivatives("max", [0.0, 0.0])] == [0, 1]
    assert [float(each) for each in local_derivatives("pow", [-2.0, 3.0])] == [12, 0]
    assert [float(each) for each in local_derivatives("pow", [0.0, 2.0])] == [0, 0]


class Tensor:
    """PyTorch's tensor with the methods of a Value."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __getattr__(self, name: str) -> Any:
        if name not in ("exp", "log", "tanh", "sum"):
            raise AttributeError(name)
        return lambda: Tensor(getattr(self.data, name)())

    def max(self, other: Any) -> "Tensor":
        """The larger one; with PyTorch's `where`, the second where both are equal."""
        other = torch.as_tensor(getattr(other, "data", other), dtype=torch.float64)
        return Tensor(torch.where(self.data > other, self.data, other))


def _passed_on(name: str) -> Any:
    def method(self: Tensor, *others: Any) -> Tensor:
        return Tensor(getattr(self.data, name)(*[getattr(each, "data", each) for each in others]))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Tensor, f"__{_name}__", _passed_on(f"__{_name}__"))
    setattr(Tensor, f"__r{_name}__", _passed_on(f"__r{_name}__"))
for _name in ("__neg__", "__matmul__"):
    setattr(Tensor, _name, _passed_on(_name))

SHAPES: dict[str, list[tuple[int, ...]]] = {
    "layer_of_tanh": [(4, 2), (2, 3), (3,)],
    "two_layers": [(2, 3), (3, 2), (2, 1)],
}
OF_ARRAYS = [
    (build, shapes)
    for build in graphs.OF_ARRAYS
    for shapes in (
        [SHAPES[build.__name__]]
        if build.__name__ in SHAPES
        else [[(2, 3), (3,)], [(2, 1), (1, 3)], [(), (2, 2)], [(3,), (2, 3)]]
    )
]
OF_NUMBERS = [(build, [()] * build.__code__.co_argcount) for build in graphs.OF_NUMBERS]


@pytest.mark.parametrize(
    ("build", "shapes"), OF_NUMBERS + OF_ARRAYS, ids=lambda each: getattr(each, "__name__", str(each))
)
def test_what_is_built_against_autograd(build: Any, shapes: list[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(len(shapes))
    inputs = [rng.uniform(0.3, 1.7, shape) for shape in shapes]
    tensors = [torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in inputs]
    end = build(*map(Tensor, tensors)).data
    end.backward()
    value, gradients = value_gradients(build, inputs)
    assert float(value) == pytest.approx(end.item(), rel=1e-13)
    for ours, tensor, given in zip(gradients, tensors, inputs, strict=True):
        true = np.zeros(np.shape(given)) if tensor.grad is None else tensor.grad.numpy()
        assert np.shape(ours) == np.shape(given)
        np.testing.assert_allclose(ours, true, rtol=1e-11, atol=1e-13)


def test_every_graph_that_a_check_hands_over_is_asked_and_tested() -> None:
    asked = {call[0] for ask in value_gradients.asked(value_gradients.fixed_rng()) for call in ask.calls}
    assert asked == set(graphs.GRAPHS.values())


@pytest.mark.parametrize(
    ("large", "small"), [((4, 3), (3,)), ((4, 3), (4, 1)), ((2, 4, 3), (4, 1)), ((3,), ())]
)
def test_unbroadcast_against_autograd(large: tuple[int, ...], small: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    gradient = rng.normal(size=large)
    tensor = torch.zeros(small, dtype=torch.float64, requires_grad=True)
    (tensor + torch.zeros(large, dtype=torch.float64)).backward(torch.tensor(gradient))
    assert tensor.grad is not None
    ours = unbroadcast(gradient, small)
    assert np.shape(ours) == small
    np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-13)


@pytest.mark.parametrize(
    ("sizes", "activations", "loss"),
    [
        ((2, 3), ["sigmoid"], "mse"),
        ((3, 4, 3, 2), ["relu", "tanh", "identity"], "mse"),
        ((2, 3, 3), ["tanh", "softmax"], "mse"),
        ((3, 3, 3, 3), ["relu", "sigmoid", "softmax"], "cross_entropy"),
    ],
)
def test_a_network_by_the_engine_is_the_four_equations(
    sizes: tuple[int, ...], activations: list[str], loss: str
) -> None:
    for m in (3, 1, None):
        given = network(np.random.default_rng(7), m, sizes, activations, loss)
        for ours, theirs in zip(engine_backprop(*given), backprop(*given), strict=True):
            for one, other in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13)


def test_the_36_slopes_of_lesson_8() -> None:
    by_weights, by_biases = engine_backprop(
        EXAMPLE["input"],
        EXAMPLE["target"],
        WEIGHTS,
        BIASES,
        ["relu", "sigmoid", "softmax"],
        "cross_entropy",
    )
    names = [*EXAMPLE["weights"], *EXAMPLE["biases"]]
    for name, ours in zip(names, [*by_weights, *by_biases], strict=True):
        np.testing.assert_allclose(ours, EXAMPLE["computed"][f"grad_{name}"], rtol=1e-10, atol=1e-12)
