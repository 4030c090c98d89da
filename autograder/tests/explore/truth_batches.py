"""What the alt text of `explore.batches` must say, computed apart from the kit: PyTorch differentiates the loss."""

import functools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autograder.kit.explore.pictures.batch_losses import points


@functools.cache
def trained(size: int, rate: float, seed: int) -> tuple[np.ndarray, float]:
    """The 64 losses of the batches and the loss over all rows at the end, of a net with two softmax outputs."""
    torch = pytest.importorskip("torch", reason="`test --fast` does without PyTorch")

    X, Y = (torch.tensor(each) for each in points())
    # Half of the first lead for class 1, and half against class 0.
    W = torch.tensor([[0.75, -0.75], [0.5, -0.5]], dtype=torch.float64, requires_grad=True)
    b = torch.tensor([-0.25, 0.25], dtype=torch.float64, requires_grad=True)
    order = np.random.default_rng(seed)
    seen: list[float] = []
    while len(seen) < 64:
        rows = torch.tensor(order.permutation(32))
        for part in torch.split(rows, size):
            loss = torch.nn.functional.cross_entropy(X[part] @ W + b, Y[part])
            loss.backward()
            with torch.no_grad():
                for each in (W, b):
                    each -= rate * each.grad
                    each.grad = None
            seen.append(loss.item())
    return np.array(seen), torch.nn.functional.cross_entropy(X @ W + b, Y).item()


def batches_alt_is_true(values: Mapping[str, Any], alt: str, hidden: bool) -> None:
    """Fails unless the numbers in `alt` belong to the controls' values, a mapping by the controls' labels."""
    size, rate = int(values["rows in a batch"]), values["learning rate"]
    seed = int(values["order of the rows (seed)"])
    found = re.match(
        r"64 steps, each on (?:all )?(\d+) rows?, learning rate (\S+), seed (\d+): the batch's loss goes up in "
        r"(\S+) of 63 steps; loss of all rows at the end (\S+); (\d+) rows computed\.( |$)",
        alt,
    )
    assert found, alt
    assert (int(found[1]), found[2], int(found[3]), int(found[6])) == (size, f"{rate:.2f}", seed, 64 * size)
    if hidden:
        assert found[4] == found[5] == "?"
        assert f"Your guess is {values['your guess: steps that go up']:.0f}. Then press Reveal." in alt
        return
    seen, end = trained(size, rate, seed)
    assert int(found[4]) == np.sum(np.diff(seen) > 1e-9)
    assert abs(float(found[5]) - end) <= 6e-5
    jump = re.search(r"loss jumps by (\S+) from one step to the next", alt)
    assert jump
    assert abs(float(jump[1]) - np.abs(np.diff(seen)).mean()) <= 6e-5
