"""Evaluation: the predictions of a saved model and how many of them are right."""
