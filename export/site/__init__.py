"""The page: built around the models that passed, and served on this machine."""
