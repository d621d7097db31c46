"""Datasets: finding, reading, splitting and augmenting them, and drawing pen digits."""
