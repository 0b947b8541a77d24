"""How likely a candidate answer is right: a logistic regression over what the reader and the search say of it.

The weights are fitted by `benchmarks/calibrate.py` on questions that the reader was not trained on; calibration in
the sense of Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Features:
    """What is known of a candidate. Each is larger where the candidate is more likely right."""

    margin: float  # the reader's score of the span less its score of "no answer", in logits
    names: float  # share of the question's names in the title, the sentence and those beside it
    terms: float  # share of the question's words there
    in_sentence: float  # share of the question's words in the sentence alone
    cosine: float  # of the question's vector and the passage's


# In the order of Features, then the constant.
WEIGHTS = (0.35, 2.0, 2.0, 1.0, 2.0, -5.0)
# Below this an answer is withheld.
THRESHOLD = 0.5


def confidence(features: Features) -> float:
    """A probability from 0 to 1."""
    *weights, constant = WEIGHTS
    logit = constant + sum(weight * value for weight, value in zip(weights, astuple(features), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
