"""Export: from a trained Keras classifier to copies that are proven to give its answers."""
