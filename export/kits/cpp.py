"""C++: a class on top of LiteRT's C API."""

from pathlib import Path

from export.kits._kit import ALL, Kit, Proof
from export.kits._make import prove_by_make
from export.kits._model import KitModel


def prove(folder: Path, model: KitModel) -> Proof:
    """Compile the self-test with g++ and run it."""
    return prove_by_make(folder, "C++", "g++", "CXX")


KIT = Kit(name="cpp", title="C++", targets=ALL, models="models", golden="golden", prove=prove)
