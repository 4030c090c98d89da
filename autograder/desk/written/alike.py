"""Which texts are alike: grouped by the words that they share, rare words weighing more.

Similarity is the cosine of tf-idf vectors of words and pairs of words (Manning, Raghavan and Schütze, Introduction to
Information Retrieval, 2008, chapter 6); a text joins the group whose first text is most like it.
"""

import re
from collections import Counter

import numpy as np

WORD = re.compile(r"\\?\w+|[^\w\s]")
# From this on two texts stand in one group.
ALIKE = 0.4


def groups(texts: list[str]) -> list[list[int]]:
    """The places of the texts, in groups of like ones: the largest group first, in it those most like its first."""
    if not texts:
        return []
    likeness = similarity(texts)
    # Whoever is like many comes first, so that it leads.
    order = sorted(range(len(texts)), key=lambda i: (-int((likeness[i] >= ALIKE).sum()), i))
    found: dict[int, list[int]] = {}
    for i in order:
        best = max(found, key=lambda leader: likeness[i, leader], default=None)
        if best is not None and likeness[i, best] >= ALIKE:
            found[best].append(i)
        else:
            found[i] = [i]
    made = [sorted(each, key=lambda i: (-likeness[leader, i], i)) for leader, each in found.items()]
    return sorted(made, key=lambda each: (-len(each), each))


def similarity(texts: list[str]) -> np.ndarray:
    """How alike each two texts are, from 0 to 1: a matrix (n, n)."""
    counts = [Counter(_features(text)) for text in texts]
    among = Counter(feature for each in counts for feature in each)
    weight = {feature: np.log((1 + len(texts)) / n) for feature, n in among.items()}
    shared = {feature: place for place, feature in enumerate(f for f, n in among.items() if n > 1)}
    vectors = np.zeros((len(texts), len(shared)), dtype=np.float32)
    sizes = np.zeros(len(texts))
    for i, each in enumerate(counts):
        for feature, n in each.items():
            value = (1 + np.log(n)) * weight[feature]
            sizes[i] += value**2
            if feature in shared:
                vectors[i, shared[feature]] = value
    norms = np.sqrt(np.maximum(sizes, 1e-12))
    made = (vectors @ vectors.T) / np.outer(norms, norms)
    np.fill_diagonal(made, 1.0)
    return np.asarray(made.round(6))  # like ones are like, whatever the last digit


def _features(text: str) -> list[str]:
    words = WORD.findall(text.casefold())
    return [*words, *(f"{first} {second}" for first, second in zip(words, words[1:], strict=False))]
