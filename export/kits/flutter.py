"""Flutter: Dart on top of flutter_litert, or of tflite_flutter, whose interpreter has the same interface."""

from pathlib import Path

from export.kits import _phones, _syntax
from export.kits._kit import PHONES, Kit, Proof
from export.kits._model import KitModel

FLUTTER_LITERT = ">=3.10.0 <5.0.0"  # all with the interpreter of tflite_flutter
TFLITE_FLUTTER = "0.12.1"


def prove(folder: Path, model: KitModel) -> Proof:
    """Parse the sources."""
    return _syntax.parse(folder, "dart", ".dart")


def values(model: KitModel) -> dict[str, object]:
    """Versions of packages, and what a phone's numbers are compared by."""
    versions = {"flutter_litert": FLUTTER_LITERT, "tflite_flutter": TFLITE_FLUTTER}
    return {**_phones.values(model), **versions}


KIT = Kit(
    name="flutter",
    title="Flutter (Dart)",
    targets=PHONES,
    models="assets/inkproof",
    golden="assets/inkproof/golden",
    prove=prove,
    values=values,
)
