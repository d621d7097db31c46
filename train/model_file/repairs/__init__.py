"""Repair the configurations of models that other versions of Keras saved, before Keras 3 reads them."""
