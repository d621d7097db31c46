"""Datasets: finding, reading, splitting, augmenting; pen digits drawn here."""
