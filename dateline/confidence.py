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
    terms: float  # share of the question's words in the title, the sentence and the one before it
    in_sentence: float  # share of the question's words in the sentence alone
    cosine: float  # of the question's vector and the passage's
    search: float  # the passage's search score as a share of the best passage's


# In the order of Features, then the constant.
WEIGHTS = (0.222, 0.256, 0.232, 1.134, 0.39, -2.604)
# Below this an answer is withheld. 0.3 gives most right answers on the seeds and the town we built with; on the town
# held back more than half of what it gave was wrong, so a stricter one is the default (benchmarks/LOG.md).
THRESHOLD = 0.4
# A name that the question gives and the sentence's surroundings lack, or even the whole article, makes an answer about
# somebody else likely. The questions the weights are fitted on hardly show it, so these two are set by hand.
_UNNAMED_NEAR = 0.6
_UNNAMED_AT_ALL = 0.2


def confidence(features: Features, near: float = 1.0, in_article: float = 1.0) -> float:
    """A probability from 0 to 1.

    `near` and `in_article` are the shares of the question's names that stand around the sentence and in the article.
    """
    *weights, constant = WEIGHTS
    logit = constant + sum(weight * value for weight, value in zip(weights, astuple(features), strict=True))
    chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
    return chance * (near + _UNNAMED_NEAR * (1 - near)) * (in_article + _UNNAMED_AT_ALL * (1 - in_article))
