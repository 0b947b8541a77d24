"""The built-in model: it quotes, and works out days and their order, by rule and reader. No key, no network."""
