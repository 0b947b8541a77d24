"""Models of any OpenAI-compatible server: every statement of theirs is put on words that carry it, or on nothing."""
