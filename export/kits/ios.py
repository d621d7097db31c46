"""iOS: Swift on top of TensorFlowLiteSwift, for an app's own targets."""

from pathlib import Path

from export.kits import _phones, _syntax
from export.kits._kit import PHONES, Kit, Proof
from export.kits._model import KitModel

TENSORFLOW_LITE_SWIFT = "2.17.0"


def prove(folder: Path, model: KitModel) -> Proof:
    """Parse the sources."""
    return _syntax.parse(folder, "swift", ".swift")


def values(model: KitModel) -> dict[str, object]:
    """The version of the pod, and what a phone's numbers are compared by."""
    return {**_phones.values(model), "pod": TENSORFLOW_LITE_SWIFT}


KIT = Kit(
    name="ios",
    title="iOS (Swift)",
    targets=PHONES,
    models="Models",
    golden="SelfTest/golden",
    prove=prove,
    values=values,
)
