"""Training: epochs, checkpoints, optimizers, losses and devices."""
