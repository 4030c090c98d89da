"""The handwritten digits are the ones the course was made with, or a sentence says what is wrong."""

import re
from pathlib import Path

import numpy as np
import pytest

from autograder import course
from autograder.kit import digits, load_digits


def test_the_digits_are_as_described() -> None:
    X, labels = load_digits()
    assert X.shape == (1797, 64)
    assert X.dtype == np.float64
    assert set(np.unique(X * 16)) == set(range(17))
    assert labels.dtype.kind == "i"
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (X[0].reshape(8, 8)[3:5, 3:5] < 0.5).all(), "the first digit is a nought, with a hole in it"
    assert labels[:10].tolist() == list(range(10))


def test_the_description_names_source_licence_and_checksum() -> None:
    text = (course.ROOT / "data" / "digits.md").read_text(encoding="utf-8")
    assert re.findall(r"`([0-9a-f]{64})`", text) == [digits.SHA256]
    for word in ("10.24432/C50P49", "CC BY 4.0", "Alpaydin", "Kaynak", "UCI"):
        assert word in text


def test_a_missing_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(digits, "DIGITS", tmp_path / "digits.csv.gz")
    with pytest.raises(digits.DigitsError, match="missing.*Copy"):
        load_digits()


def test_a_changed_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "digits.csv.gz"
    changed.write_bytes(digits.DIGITS.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(digits, "DIGITS", changed)
    with pytest.raises(digits.DigitsError, match="changed.*sha256"):
        load_digits()
