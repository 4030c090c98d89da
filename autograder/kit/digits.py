"""The handwritten digits in `data/`; `data/digits.md` says where they come from."""

import gzip
import hashlib

import numpy as np

from autograder import course

DIGITS = course.data_dir() / "digits.csv.gz"
SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
MOST_INK = 16


class DigitsError(Exception):
    """The file of digits is missing, or is not the one the course was made with."""


def load_digits() -> tuple[np.ndarray, np.ndarray]:
    """The pixels, shape (1797, 64), from 0 (paper) to 1 (ink), and the labels, shape (1797,), whole numbers 0 to 9.

    A row is a picture of 8 by 8 pixels, line by line. The file's pixels, 0 to 16, are divided by 16.
    """
    try:
        packed = DIGITS.read_bytes()
    except OSError:
        raise DigitsError(
            f"the handwritten digits are missing: there is no readable file {DIGITS}. "
            "Copy data/digits.csv.gz from the course again."
        ) from None
    if hashlib.sha256(packed).hexdigest() != SHA256:
        raise DigitsError(
            f"the handwritten digits have changed: {DIGITS} is not the file the course was made with "
            "(its sha256 differs). Copy data/digits.csv.gz from the course again."
        )
    table = np.loadtxt(gzip.decompress(packed).decode("ascii").splitlines(), delimiter=",")
    return table[:, :-1] / MOST_INK, table[:, -1].astype(int)
