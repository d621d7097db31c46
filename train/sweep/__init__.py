"""Hyperparameter search: random settings, trained and ranked, in one process or many."""
