"""TFLite files, by TensorFlow's converter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from export.errors import ConversionError
from export.target import Source
from export.targets._layer_paths import layer_of
from export.targets._tflite_scales import lost_numbers
from export.targets._tflite_shipped import shipped
from export.targets._tflite_softplus import without_overflow
from train.console.text import one_line

if TYPE_CHECKING:
    import keras

WAY_OUT = "leave it out by naming the other targets with --target"


def write_tflite(source: Source, path: Path, **options: str) -> None:
    """Convert the model and write the `.tflite`; the options are those of `converted`."""
    write(converted(source, path, **options), source, path)


def write(content: bytes, source: Source, path: Path) -> None:
    """Write what the converter has made as apps get it; the file's folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(shipped(content, source.description))


def converted(
    source: Source,
    path: Path,
    *,
    weights: str | None = None,
    operations: str | None = None,
    io: str | None = None,
) -> bytes:
    """Convert the model.

    Args:
        source: The model; its calibration images are used where `operations` are quantized.
        path: The file that it is for, which messages name.
        weights: Type that the weights are stored in, as `float16`; None for the converter's choice.
        operations: Name of the quantized operation set of `tf.lite.OpsSet`; None for float arithmetic.
        io: Type of input and output, as `uint8`; None for float32.

    Returns:
        The `.tflite` as the converter makes it.

    Raises:
        ConversionError: If the converter can't convert the model, or quantized, its numbers are lost.
    """
    import tensorflow as tf

    from export.reference.saved_model import saved
    from train.console.quiet import quiet

    def calibration() -> Iterator[list[Any]]:
        for image in source.calibration:
            yield [image[None].astype(np.float32)]

    folder = without_overflow(saved(source.model, source.saved_model))
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if weights:
        converter.target_spec.supported_types = [tf.dtypes.as_dtype(weights)]
    if operations:
        converter.target_spec.supported_ops = [getattr(tf.lite.OpsSet, operations)]
        converter.representative_dataset = calibration
    if io:
        converter.inference_input_type = converter.inference_output_type = tf.dtypes.as_dtype(io)
    try:
        with quiet():
            content: bytes = converter.convert()
    except Exception as error:  # the converter raises whatever lies beneath it
        raise ConversionError(
            f"expected a model that TFLite can convert for {path.name}, found that "
            f"{why_not_converted(error, source.model)}: {WAY_OUT}"
        ) from error
    lost = lost_numbers(content) if operations else None
    if lost:
        reason, place = lost
        raise ConversionError(
            f"expected a model that TFLite can quantize for {path.name}, found that it {reason} "
            f"({layer_of(place, source.model)}): {WAY_OUT}"
        )
    return content


def why_not_converted(error: Exception, model: keras.Model, paths: Mapping[str, str] = {}) -> str:
    """What the converter lacks, by operation and layer; else the first line of its complaint, less MLIR.

    Args:
        error: What it raised.
        model: What it was to convert.
        paths: Where in the model each of TensorFlow's operations is, for complaints that don't tell.
    """
    complaint = str(error)
    lacking = re.search(r"(?:fused\[\"\w+:\", \"([^\"@]+)@.*)?'tf\.(\w+)' op ", complaint)
    if lacking:
        path, operation = lacking.groups()  # model/layer/..., or the operation's own name
        layer = layer_of(path or paths.get(operation, operation), model)
        return f"TFLite can't run the operation {operation} ({layer})"
    first, *_ = complaint.splitlines() or [""]
    reason = one_line(re.sub(r"^.*<unknown>:0: error: (loc\(.*\): )?", "", first) or error)
    return f"TFLite's converter can't convert it ({reason})"
