"""Python: a class on top of ai-edge-litert and NumPy, and nothing of this project."""

from importlib.metadata import version
from pathlib import Path

from export.kits._kit import ALL, Done, Kit, Proof
from export.kits._model import KitModel
from export.kits._self_test import run_self_test


def prove(folder: Path, model: KitModel) -> Proof:
    """Run the self-test."""
    run_self_test(folder, "the Python kit")
    return Proof(Done.RAN, f"ai-edge-litert {version('ai-edge-litert')}", 0.0)


KIT = Kit(name="python", title="Python", targets=ALL, models="models", golden="golden", prove=prove)
