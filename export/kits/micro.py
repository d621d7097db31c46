"""Microcontrollers: TensorFlow Lite for Microcontrollers (TFLM), the model as an array in C++."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

from markupsafe import Markup

from export.kits import _tflm
from export.kits._arena import WHEEL, measured, step, wheel_version
from export.kits._arrays import in_lines, without_associated_files
from export.kits._kit import Done, Kit, Proof
from export.kits._model import KitModel, Variant
from export.kits._self_test import run_self_test
from export.kits._tflm_operations import METHODS, methods_of, missing
from train.console.programs import captured

TARGETS = ("tflite-integer-only", "tflite-int8", "tflite-int16x8")
MOST_STEPS = 2  # between TFLM's outputs and LiteRT's, which round some sums in another order
MARGIN = 10  # per cent: kernels made for a chip take scratch memory that those measured here don't
ARM, HOST = "arm-none-eabi-g++", "g++"


def refusal(model: KitModel, variant: Variant) -> str | None:
    """Why TFLM can't run a file, or not as LiteRT does; None if it can."""
    if lacking := missing(variant.operations):
        return f"TFLM has no {', '.join(lacking)}"
    found = measured(model, variant)
    steps = (found.difference or 0) / step(model, variant)
    if steps > MOST_STEPS * 1.001:  # floats aren't exact
        return f"TFLM's outputs are up to {steps:.1f} quantization levels from LiteRT's"
    return found.refusal


def values(model: KitModel) -> dict[str, object]:
    """Arrays, operations and arenas of the files, and the golden pictures as arrays."""
    largest = max(example.given.shape[0] * example.given.shape[1] for example in model.examples)
    return {
        "sources": [_source(model, variant) for variant in model.variants],
        "pictures": [in_lines(image) for image in model.images],
        "methods": METHODS,
        "tflm": Markup(Path(_tflm.__file__).read_text(encoding="utf-8")),  # as it is, line by line
        "wheel": wheel_version(),
        "margin": MARGIN,
        "most_steps": MOST_STEPS,
        "most_pixels": largest,
        "compilers": {"arm": ARM, "host": HOST},
    }


def _source(model: KitModel, variant: Variant) -> dict[str, object]:
    """What the sources say of a file."""
    content = without_associated_files(variant.path.read_bytes())
    arena = measured(model, variant).arena
    return {
        "variant": variant,
        "name": variant.path.stem.replace("-", "_"),  # a namespace
        "bytes": len(content),
        "lines": in_lines(content),
        "methods": methods_of(variant.operations),
        "measured": arena,
        "arena": arena and math.ceil(arena * (100 + MARGIN) / 100 / _tflm.GRAIN) * _tflm.GRAIN,
        "tolerance": MOST_STEPS * step(model, variant),
        "golden": model.probabilities[variant.target].astype(float).tolist(),
    }


def prove(folder: Path, model: KitModel) -> Proof:
    """Run the parts of the self-test that this machine has the tools for."""
    tools = {
        "run": (WHEEL, wheel_version()),
        "preprocess": (HOST, _compiler(HOST)),
        "compile": (ARM, _compiler(ARM)),
    }
    there = [part for part, (_, found) in tools.items() if found]
    for part in there:
        run_self_test(folder, "the kit for microcontrollers", part)
    named = [f"{tool} {found}" if found else f"{tool} is missing" for tool, found in tools.values()]
    done = Done.RAN if "run" in there else Done.TYPE_CHECKED if "compile" in there else Done.NOTHING
    differences = [measured(model, variant).difference or 0.0 for variant in model.variants]
    return Proof(done, ", ".join(named), max(differences) if "run" in there else None)


def _compiler(name: str) -> str | None:
    """A compiler's version; None where it is missing."""
    if shutil.which(name) is None:
        return None
    run = captured([name, "-dumpfullversion"])
    return run.stdout.strip()


KIT = Kit(
    name="micro",
    title="Microcontrollers (TFLM)",
    targets=TARGETS,
    models="models",
    golden="golden",
    prove=prove,
    values=values,
    refusal=refusal,
)
