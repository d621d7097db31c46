"""Drawings: strokes, ink and picture files become the model's input."""
