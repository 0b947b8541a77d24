"""Follow-ups made to stand alone by rule: what "he", "there", "then" and "what about Moscow?" refer to."""
