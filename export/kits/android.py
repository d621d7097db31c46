"""Android: Kotlin on top of LiteRT's CompiledModel, for an app's own folders."""

from pathlib import Path

from export.kits import _phones, _syntax
from export.kits._kit import PHONES, Kit, Proof
from export.kits._model import KitModel

LITERT = "2.3.0"  # in Google's Maven repository
INTERPRETER = "1.4.2"
MIN_SDK = 24


def prove(folder: Path, model: KitModel) -> Proof:
    """Parse the sources."""
    return _syntax.parse(folder, "kotlin", ".kt")


def values(model: KitModel) -> dict[str, object]:
    """Versions for Gradle, and what a phone's numbers are compared by."""
    versions = {"maven": LITERT, "interpreter": INTERPRETER, "min_sdk": MIN_SDK}
    return {**_phones.values(model), **versions}


KIT = Kit(
    name="android",
    title="Android (Kotlin)",
    targets=PHONES,
    models="app/src/main/assets",
    golden="app/src/androidTest/assets/golden",
    prove=prove,
    values=values,
)
