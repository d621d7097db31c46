"""Output folders: locked, staged, and changed all at once or not at all."""
