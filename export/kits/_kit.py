"""What a kit is: the sources, models and golden files for one platform, and what was done with them here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from export.kits._model import KitModel, Variant

# Small files first, and floats in and out before bytes.
PHONES = ("tflite-int8", "tflite-integer-only", "tflite-float32")
ALL = (*PHONES, "tflite-dynamic", "tflite-float16", "tflite-int16x8")


class Done(StrEnum):
    """What was done with a kit on the machine that wrote it, the most first."""

    RAN = "ran"
    COMPILED = "compiled"
    TYPE_CHECKED = "type-checked"
    PARSED = "parsed only"
    NOTHING = "not checked"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was done with a kit, and what came of it.

    Attributes:
        done: What was done.
        how: With which tools and versions; where a tool is missing, which one.
        max_abs_diff: Largest difference of any probability to that of LiteRT's interpreter, over the golden
            pictures and all variants; None where nothing ran.
    """

    done: Done
    how: str
    max_abs_diff: float | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit.

    Attributes:
        name: As on the command line, and the name of its folders.
        title: As in prose: `Android (Kotlin)`.
        targets: The targets whose files it ships, as far as the model has them; the first is the one that
            its example opens.
        models: Where in the kit those files go: `app/src/main/assets`.
        golden: Where in the kit the golden files go.
        prove: Compiles, runs or parses the kit in its folder, as far as this machine can, and leaves nothing
            there. Raises KitError if the kit is wrong.
        values: More values for its templates.
        refusal: Why the platform can't run a file, which the kit then leaves out; None if it can.
        files: Files that aren't made from templates, by their places in the kit.
    """

    name: str
    title: str
    targets: tuple[str, ...]
    models: str
    golden: str
    prove: Callable[[Path, KitModel], Proof]
    values: Callable[[KitModel], dict[str, object]] = lambda model: {}
    refusal: Callable[[KitModel, Variant], str | None] = lambda model, variant: None
    files: Callable[[KitModel], Mapping[str, bytes]] = lambda model: {}
