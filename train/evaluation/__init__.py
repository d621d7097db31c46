"""Evaluation: predictions of a saved model, and what they are worth."""
