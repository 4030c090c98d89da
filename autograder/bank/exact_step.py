"""The worked example's training step, exactly: the network, its start, and every value and gradient of one step.

Three inputs and three layers of three units: ReLU, sigmoid, softmax. Everything is computed from the weights, in
decimals, with as many digits as the context has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Vector = list[Decimal]
Matrix = list[Vector]

INPUT = ["0.1", "0.2", "0.7"]
TARGET = ["1.0", "0.0", "0.0"]
LEARNING_RATE = "0.01"
WEIGHTS = {
    "W_ij": [["0.1", "0.2", "0.3"], ["0.3", "0.2", "0.7"], ["0.4", "0.3", "0.9"]],
    "W_jk": [["0.2", "0.3", "0.5"], ["0.3", "0.5", "0.7"], ["0.6", "0.4", "0.8"]],
    "W_kl": [["0.1", "0.4", "0.8"], ["0.3", "0.7", "0.2"], ["0.5", "0.2", "0.9"]],
}
BIASES = {"b_j": ["1.0"] * 3, "b_k": ["1.0"] * 3, "b_l": ["1.0"] * 3}


@dataclass(frozen=True)
class Parameters:
    """The three layers' weight matrices and biases, from the input on."""

    weights: Sequence[Matrix]
    biases: Sequence[Vector]


def decimals(text: Any) -> Any:
    """Numbers written as text, nested in lists or not, as exact decimals."""
    return [decimals(each) for each in text] if isinstance(text, list) else Decimal(text)


def start() -> Parameters:
    """The parameters before the step."""
    return Parameters([decimals(W) for W in WEIGHTS.values()], [decimals(b) for b in BIASES.values()])


def times(a: Vector, W: Matrix) -> Vector:
    """A row times a matrix."""
    return [sum((x * row[j] for x, row in zip(a, W, strict=True)), Decimal(0)) for j in range(len(W[0]))]


def plus(a: Vector, b: Vector) -> Vector:
    """Entry by entry."""
    return [x + y for x, y in zip(a, b, strict=True)]


def product(*factors: Vector) -> Vector:
    """Entry by entry."""
    result = [Decimal(1)] * len(factors[0])
    for factor in factors:
        result = [x * y for x, y in zip(result, factor, strict=True)]
    return result


def outer(a: Vector, delta: Vector) -> Matrix:
    """Every entry of the one times every entry of the other."""
    return [[x * d for d in delta] for x in a]


def moved(parameter: Any, gradient: Any, rate: Decimal) -> Any:
    """The parameter after a step against the gradient."""
    if isinstance(parameter, list):
        return [moved(p, g, rate) for p, g in zip(parameter, gradient, strict=True)]
    return parameter - rate * gradient


def sigmoid(z: Vector) -> Vector:
    """Entry by entry."""
    return [1 / (1 + (-x).exp()) for x in z]


def softmax(z: Vector) -> Vector:
    """Shares of the sum of the exponentials."""
    powers = [x.exp() for x in z]
    return [power / sum(powers) for power in powers]


def cross_entropy(p: Vector, y: Vector) -> Decimal:
    """With the natural logarithm; 0 log 0 is 0."""
    return -sum((t * share.ln() for share, t in zip(p, y, strict=True) if t), Decimal(0))


def forward(x: Vector, parameters: Parameters) -> dict[str, Vector]:
    """The values in and out of each layer."""
    W, b = parameters.weights, parameters.biases
    h1_in = plus(times(x, W[0]), b[0])
    h1_out = [max(z, Decimal(0)) for z in h1_in]
    h2_in = plus(times(h1_out, W[1]), b[1])
    h2_out = sigmoid(h2_in)
    o_in = plus(times(h2_out, W[2]), b[2])
    return {
        "h1_in": h1_in, "h1_out": h1_out, "h2_in": h2_in, "h2_out": h2_out, "o_in": o_in, "o_out": softmax(o_in),
    }  # fmt: skip


def backward(x: Vector, y: Vector, parameters: Parameters, values: dict[str, Vector]) -> dict[str, Any]:
    """Slopes, deltas (dL/dz of each layer) and gradients; a bias gradient is the layer's delta."""
    W = parameters.weights
    across = [list(map(list, zip(*each, strict=True))) for each in W]
    p = values["o_out"]
    delta_output = [share - t for share, t in zip(p, y, strict=True)]
    slope_h2 = [h * (1 - h) for h in values["h2_out"]]
    dE_dh2_out = times(delta_output, across[2])
    delta_h2 = product(dE_dh2_out, slope_h2)
    slope_h1 = [Decimal(int(z > 0)) for z in values["h1_in"]]
    dE_dh1_out = times(delta_h2, across[1])
    delta_h1 = product(dE_dh1_out, slope_h1)
    return {
        "dE_do_out": [-t / share for share, t in zip(p, y, strict=True)],
        "do_out_do_in": [share * (1 - share) for share in p],
        "softmax_jacobian": [[p[i] * (int(i == j) - p[j]) for j in range(3)] for i in range(3)],
        "delta_output": delta_output,
        "grad_W_kl": outer(values["h2_out"], delta_output),
        "grad_b_l": delta_output,
        "dE_dh2_out": dE_dh2_out,
        "dh2_out_dh2_in": slope_h2,
        "delta_h2": delta_h2,
        "grad_W_jk": outer(values["h1_out"], delta_h2),
        "grad_b_k": delta_h2,
        "dE_dh1_out": dE_dh1_out,
        "dh1_out_dh1_in": slope_h1,
        "delta_h1": delta_h1,
        "grad_W_ij": outer(x, delta_h1),
        "grad_b_j": delta_h1,
    }


def computed() -> dict[str, Any]:
    """What the published walk-through computes, computed: values, loss, slopes, deltas, gradients, new parameters."""
    x, y, before, rate = decimals(INPUT), decimals(TARGET), start(), Decimal(LEARNING_RATE)
    values = forward(x, before)
    gradients = backward(x, y, before, values)
    new = {
        f"new_{name}": moved(parameter, gradients[f"grad_{name}"], rate)
        for name, parameter in zip([*WEIGHTS, *BIASES], [*before.weights, *before.biases], strict=True)
    }
    return values | {"loss": cross_entropy(values["o_out"], y)} | gradients | new
