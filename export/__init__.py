"""Export: from a trained Keras classifier to exported models whose agreement with it is proven."""

from export.pipeline.export_model import export_model

__all__ = ["export_model"]
