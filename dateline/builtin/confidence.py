"""How likely a candidate answer is right: a logistic regression over what the reader and the search say of it.

The weights are what `benchmarks/calibrate.py` prints, fitted on the test sets that the rules were made with.
Calibration in the sense of Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

# What does not fit the question at all is dropped; what hardly fits counts as little as this.
_LEAST = 0.05


@dataclass(frozen=True)
class Features:
    """What is known of a candidate. Each is larger where the candidate is more likely right."""

    margin: float  # the reader's score of the span less its score of "no answer", in logits
    relevance: float  # the reader's logit that the passage answers the question at all
    terms: float  # share of the question's words in the title, the sentence and the one before it
    in_sentence: float  # share of the question's words in the sentence alone
    near: float  # share of the question's names in the title, the sentence and the one before it
    in_article: float  # share of the question's names in the whole article
    cosine: float  # of the question's vector and the passage's
    search: float  # the passage's search score as a share of the best passage's
    fit: float  # the logarithm of how well the words fit what is asked (`dateline.builtin.agreement`)


# In the order of Features, then the constant.
WEIGHTS = (0.203, 0.101, 1.316, 0.203, -1.005, 1.263, 0.925, 1.644, 0.86, -4.544)
# Below this an answer is withheld; from here on more are right than wrong on the test sets (benchmarks/LOG.md).
THRESHOLD = 0.45


def confidence(features: Features) -> float:
    """A probability from 0 to 1."""
    *weights, constant = WEIGHTS
    logit = constant + sum(weight * value for weight, value in zip(weights, astuple(features), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def fit_of(agreement: float) -> float:
    """The feature `fit` of an agreement from 0 to 1."""
    return math.log(max(_LEAST, agreement))
