"""What the exercises of lesson 09 share: names, sentences, and how their arguments are drawn."""

import numpy as np

Array = np.ndarray
Layers = list[tuple[Array, Array]]
Gradients = tuple[list[Array], list[Array]]
LESSON = "09-four-equations"
ONE_SAMPLE = (
    "A single sample has shape (n,), and there len() counts its entries, not the samples. Its m is 1."
)


def samples(a: Array) -> int:
    """m: the rows of a batch, or 1 for one sample."""
    return np.shape(a)[0] if np.ndim(a) == 2 else 1


def outputs(rng: np.random.Generator, *shape: int) -> Array:
    """What sigmoid units may put out: multiples of 1/64 between 1/8 and 7/8, all different, none 1/2."""
    kept = np.setdiff1d(np.arange(8, 57), [32])
    return rng.choice(kept, int(np.prod(shape)), replace=False).reshape(shape) / 64


def errors(rng: np.random.Generator, *shape: int) -> Array:
    """Deltas of both signs, none of size 1."""
    size = int(np.prod(shape))
    sizes = rng.choice(np.setdiff1d(np.arange(2, 25), [8]), size, replace=False) / 8
    return (sizes * rng.permutation(np.where(np.arange(size) % 2, -1.0, 1.0))).reshape(shape)
