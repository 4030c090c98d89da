"""The clinic's runs: small trainings that go wrong, each in one way, and what they record.

Nothing is made up: every number is recorded in a real training of a net with one hidden layer of tanh units. A draw
whose record does not show its fault by the margins that the lesson's text states is drawn again.
"""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Generator = np.random.Generator
Run = dict[str, Array]

ZERO = "zero weights"
SATURATED = "saturated units"
FROZEN = "frozen layer"
MISSING = "missing 1/m"
RATE = "rate too large"
SHUFFLED = "shuffled labels"
FAULTS = (ZERO, SATURATED, FROZEN, MISSING, RATE, SHUFFLED)
HEALTHY = "healthy"

# A hidden output beyond this is saturated: the slope 1 - a**2 is below a fiftieth there.
SATURATION = 0.99
NUDGE = 1e-5
DIGITS = 4


@dataclass(frozen=True)
class Rows:
    """The rows of a training and those of its validation, with one-hot targets."""

    X: Array
    Y: Array
    validation_X: Array
    validation_Y: Array


def outputs(X: Array, parameters: list[Array]) -> tuple[Array, Array]:
    """The hidden outputs, and the logarithms of the probabilities; parameters may have more axes in front."""
    W, V, b, c = parameters
    a = np.tanh(X @ W + b[..., None, :])
    z = a @ V + c[..., None, :]
    z = z - z.max(axis=-1, keepdims=True)
    return a, z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def mean_loss(X: Array, Y: Array, parameters: list[Array]) -> Array:
    """The mean cross-entropy."""
    return np.asarray(-np.mean(np.sum(Y * outputs(X, parameters)[1], axis=-1), axis=-1))


def gradients(X: Array, Y: Array, parameters: list[Array]) -> list[Array]:
    """The slopes of the mean loss: of both weights, then of both biases."""
    a, scores = outputs(X, parameters)
    delta = (np.exp(scores) - Y) / len(X)
    hidden = delta @ parameters[1].T * (1 - a**2)
    return [X.T @ hidden, a.T @ delta, hidden.sum(axis=0), delta.sum(axis=0)]


def measured_norms(X: Array, Y: Array, parameters: list[Array]) -> list[float]:
    """The norm of each weight gradient as the loss shows it, by a nudge to both sides of every weight."""
    norms = []
    for layer in (0, 1):
        shape = parameters[layer].shape
        nudges = NUDGE * np.eye(parameters[layer].size).reshape(-1, *shape)
        losses = []
        for sign in (1, -1):
            moved = list(parameters)
            moved[layer] = parameters[layer] + sign * nudges
            losses.append(mean_loss(X, Y, moved))
        norms.append(float(np.linalg.norm((losses[0] - losses[1]) / (2 * NUDGE))))
    return norms


def start(sizes: tuple[int, int, int], fault: str, rng: Generator) -> list[Array]:
    """The first parameters: Xavier's, or what the fault makes of them."""
    n, h, k = sizes
    W, V = (rng.normal(0, np.sqrt(2 / (a + b)), (a, b)) for a, b in ((n, h), (h, k)))
    if fault == ZERO:
        W, V = np.zeros((n, h)), np.zeros((h, k))
    return [W * (25 if fault == SATURATED else 1), V, np.zeros(h), np.zeros(k)]


def record(rows: Rows, hidden: int, fault: str, rng: Generator, epochs: int, batch: int, rate: float) -> Run:
    """Trains with one fault, and returns what a careful program would have written down."""
    X, Y = rows.X, rows.Y
    parameters = start((X.shape[1], hidden, Y.shape[1]), fault, rng)
    frozen = int(rng.integers(2))
    if fault == SHUFFLED:
        Y = Y[rng.permutation(len(Y))]
    kept: dict[str, list] = {name: [] for name in RECORDED}
    for epoch in range(epochs + 1):
        kept["losses"].append(mean_loss(X, Y, parameters))
        kept["validation_losses"].append(mean_loss(rows.validation_X, rows.validation_Y, parameters))
        kept["weight_norms"].append([np.linalg.norm(W) for W in parameters[:2]])
        kept["saturated"].append(np.mean(np.abs(outputs(X, parameters)[0]) > SATURATION))
        if epoch == epochs:
            break
        before = [np.array(W) for W in parameters[:2]]
        order = rng.permutation(len(X))
        for first in range(0, len(X), batch):
            part = order[first : first + batch]
            slopes = gradients(X[part], Y[part], parameters)
            slopes = [slope * (len(part) if fault == MISSING else 1) for slope in slopes]
            if not first:
                kept["gradient_norms"].append([np.linalg.norm(slope) for slope in slopes[:2]])
                if not epoch:
                    kept["measured_norms"] = measured_norms(X[part], Y[part], parameters)
            stays = {frozen, frozen + 2} if fault == FROZEN else set()
            parameters = [
                p if place in stays else p - rate * slope
                for place, (p, slope) in enumerate(zip(parameters, slopes, strict=True))
            ]
        kept["step_norms"].append(
            [np.linalg.norm(new - old) for new, old in zip(parameters[:2], before, strict=True)]
        )
    return {name: _rounded(np.array(values, dtype=float)) for name, values in kept.items()}


RECORDED = (
    "losses",
    "validation_losses",
    "weight_norms",
    "gradient_norms",
    "measured_norms",
    "step_norms",
    "saturated",
)


def _rounded(values: Array) -> Array:
    """So many significant digits: what a log file holds, and the same on every processor."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()]).reshape(values.shape)


def shows(run: Run, fault: str) -> bool:
    """Whether the record keeps to every margin that the lesson's text states."""
    losses, checked = run["losses"], run["validation_losses"]
    rise, rise_of_checked = losses[-1] / losses[0], checked[-1] / checked[0]
    zero = not np.any(run["weight_norms"][0])
    with np.errstate(invalid="ignore"):
        ratio = run["gradient_norms"][0] / run["measured_norms"]
    moved = run["step_norms"]
    still = [not np.any(moved[:, layer]) for layer in (0, 1)]
    if fault == ZERO:
        return zero and all(still) and max(rise, rise_of_checked) < 1
    healthy_steps = bool(np.all(moved > 1e-6)) and bool(np.all(moved[0] > 1e-4))
    right = bool(np.all(np.abs(ratio - 1) < 0.01))
    awake = bool(run["saturated"][0] <= 0.2)
    if np.any(run["weight_norms"][0] < 0.1):
        return False
    both_fall = max(rise, rise_of_checked) < 0.98
    match fault:
        case "saturated units":
            return bool(run["saturated"][0] >= 0.8) and healthy_steps and right and both_fall
        case "frozen layer":
            pulled = bool(np.all(run["gradient_norms"] > 1e-3))
            return (
                sum(still) == 1
                and bool(np.all(moved[:, still.index(False)] > 1e-6))
                and pulled
                and right
                and awake
                and both_fall
            )
        case "missing 1/m":
            return bool(np.all(ratio > 4)) and healthy_steps and awake and min(rise, rise_of_checked) > 1.2
        case "rate too large":
            return right and healthy_steps and awake and min(rise, rise_of_checked) > 1.2
        case "shuffled labels":
            return right and healthy_steps and awake and rise < 0.95 and rise_of_checked > 1.05
        case _:
            return right and healthy_steps and awake and max(rise, rise_of_checked) < 0.7


def tells(run: Run, fault: str) -> bool:
    """Whether it also misleads who looks at the wrong epoch, or for large numbers instead of large multiples."""
    if fault == MISSING:
        return bool(np.all(run["gradient_norms"][0] < 1.9))
    if fault != RATE:
        return True
    late = [1, -1]
    grown = np.any(run["gradient_norms"][late] > 2.2 * run["measured_norms"], axis=1)
    return bool(np.all(run["saturated"][late] >= 0.6) and np.all(grown))


RATES = {RATE: 40.0, MISSING: 4.0, SHUFFLED: 1.0}
# Inputs that are small make gradients that are: then a computed norm is no large number, only a large multiple.
SCALES = {MISSING: 0.1, RATE: 0.3}
SHARES = {ZERO: (24, 16, 8)}


def clouds(rng: Generator, counts: tuple[int, ...]) -> tuple[Array, Array]:
    """Three clouds of points in four dimensions, with one-hot classes, in random order."""
    labels = rng.permutation(np.repeat(np.arange(3), counts))
    centres = np.array([[1.0, 1.0, 0.0, -1.0], [-1.0, 1.0, 1.0, 0.0], [0.0, -1.0, -1.0, 1.0]])
    return centres[labels] + rng.normal(0, 1, (len(labels), 4)), np.eye(3)[labels]


def run_with(fault: str, rng: Generator) -> Run:
    """A fresh small run that shows this fault and no other: 48 rows, 4 inputs, 6 tanh units, 3 classes."""
    counts = SHARES.get(fault, (16, 16, 16))
    while True:
        X, Y = clouds(rng, counts)
        validation_X, validation_Y = clouds(rng, counts)
        scale = SCALES.get(fault, 1.0)
        rows = Rows(scale * X, Y, scale * validation_X, validation_Y)
        batch = int(rng.choice([8, 12, 16]))
        run = record(rows, 6, fault, rng, 6, batch, RATES.get(fault, 0.3))
        if shows(run, fault) and tells(run, fault):
            return run
