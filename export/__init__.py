"""Export: from a trained Keras classifier to exported models whose agreement with it is proven."""

from export.pipeline.export_model import export_model
from export.pipeline.notebook import display_page, display_report

__all__ = ["display_page", "display_report", "export_model"]
