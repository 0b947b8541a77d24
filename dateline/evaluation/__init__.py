"""Scoring answers on a test set: cases in, figures with their intervals and a report out."""
