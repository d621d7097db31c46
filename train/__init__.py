"""Training: from MNIST, or any `.npz` in its layout, to a Keras `.h5`."""
