"""The language of a text."""

from __future__ import annotations

from functools import cache
from typing import Any

# Less than this is too little to tell one language from its neighbour, and more costs time and tells no more.
_LEAST, _READ = 60, 600
_SURE = 0.9


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text's language, "" where there is too little of it or it could be several."""
    sample = text[:_READ]
    if sum(map(str.isalpha, sample)) < _LEAST:
        return ""
    code, chance = _guesser().classify(sample)
    return str(code) if chance >= _SURE else ""


@cache
def _guesser() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    guesser = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Dialects and small relatives of a language have three letters, and would take their share of its chances.
    guesser.set_languages([code for code in guesser.nb_classes if len(code) == 2])
    return guesser
