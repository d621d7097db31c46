"""Output folders: locked, staged, and replaced completely or not at all."""
