"""The commands that build and check: every stage from the model to the reports."""
