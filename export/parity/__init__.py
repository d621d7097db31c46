"""Parity: evidence, comparison and verdict for every exported model."""
