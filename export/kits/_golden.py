"""Golden files: pictures, what they are made from, and what each variant gives for them.

All are little-endian, without padding:

- `images.bin`: the golden pictures, a byte a channel, row by row.
- `int8.bin` and the like, named after the model's file: its output for each picture, in the file's own type.
- `examples.bin`: how many examples there are, as uint32; then of each its rows and columns, as uint32, what
  is given (a byte of ink a pixel, or red, green and blue), and the picture that it becomes.
- `golden.json`: counts, shapes, labels, and of each variant the type, scale and zero point.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from export.kits._model import KitModel

LITTLE_ENDIAN = "<u4"


def write_golden(model: KitModel, folder: Path) -> None:
    """Write the golden files of a kit's variants into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "images.bin").write_bytes(model.images.tobytes())
    for variant in model.variants:
        numbers = model.outputs[variant.target]
        little = numbers.astype(numbers.dtype.newbyteorder("<"))
        (folder / variant.file).with_suffix(".bin").write_bytes(little.tobytes())
    (folder / "examples.bin").write_bytes(_examples(model))
    (folder / "golden.json").write_text(
        json.dumps(_described(model), indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _examples(model: KitModel) -> bytes:
    parts = [np.asarray([len(model.examples)], LITTLE_ENDIAN).tobytes()]
    for example in model.examples:
        size = np.asarray(example.given.shape[:2], LITTLE_ENDIAN)
        parts += [size.tobytes(), example.given.tobytes(), example.image.tobytes()]
    return b"".join(parts)


def _described(model: KitModel) -> dict[str, object]:
    return {
        "model": {"name": model.name, "version": model.version},
        "images": list(model.images.shape),
        "examples": {"count": len(model.examples), "kind": _kind(model)},
        "labels": list(model.labels),
        "output": model.output_name,
        "variants": [
            {
                **{"target": variant.target, "file": variant.file, "sha256": variant.sha256},
                **{"input": asdict(variant.image), "output": asdict(variant.answer)},
            }
            for variant in model.variants
        ],
    }


def _kind(model: KitModel) -> str:
    return "drawings" if model.contract.takes_drawings else "pictures"
