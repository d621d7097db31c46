"""C: two sources on top of LiteRT's C API."""

from pathlib import Path

from export.kits._kit import ALL, Kit, Proof
from export.kits._make import prove_by_make
from export.kits._model import KitModel


def prove(folder: Path, model: KitModel) -> Proof:
    """Compile the self-test with gcc and run it."""
    return prove_by_make(folder, "C", "gcc", "CC")


KIT = Kit(name="c", title="C", targets=ALL, models="models", golden="golden", prove=prove)
