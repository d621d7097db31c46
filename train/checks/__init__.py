"""The debugging checklist: checks of the data, the model and a short training run."""
