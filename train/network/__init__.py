"""Networks: architectures, ensembles and their weights."""
