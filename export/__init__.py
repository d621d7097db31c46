"""Export: from a trained Keras classifier to exported models whose agreement with it is proven."""
