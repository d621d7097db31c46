"""TFLite files, by TensorFlow's converter."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from export.errors import ConversionError
from export.target import Source
from train.console.text import one_line


def write_tflite(
    source: Source,
    path: Path,
    *,
    optimize: bool = True,
    weights: str | None = None,
    operations: str | None = None,
    biases: str | None = None,
    io: str | None = None,
) -> None:
    """Convert the model and write the `.tflite`.

    Args:
        source: The model; its calibration images are used where `operations` are quantized.
        path: The file; its folder is made if it is missing.
        optimize: Quantize whatever the other arguments allow.
        weights: Type that the weights are stored in, as `float16`; None for the converter's choice.
        operations: Name of the quantized operation set of `tf.lite.OpsSet`; None for float arithmetic.
        biases: Type of the quantized biases, as `int32`, in which LiteRT also sums; None for the converter's
            choice.
        io: Type of input and output, as `uint8`; None for float32.

    Raises:
        ConversionError: If the converter can't convert the model.
    """
    import tensorflow as tf

    from train.console.quiet import quiet

    def calibration() -> Iterator[list[Any]]:
        for image in source.calibration:
            yield [image[None].astype(np.float32)]

    converter = tf.lite.TFLiteConverter.from_saved_model(str(source.saved_model))
    if optimize:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if weights:
        converter.target_spec.supported_types = [tf.dtypes.as_dtype(weights)]
    if operations:
        converter.target_spec.supported_ops = [getattr(tf.lite.OpsSet, operations)]
        converter.representative_dataset = calibration
    if biases:
        converter._experimental_full_integer_quantization_bias_type = tf.dtypes.as_dtype(biases)
    if io:
        converter.inference_input_type = converter.inference_output_type = tf.dtypes.as_dtype(io)
    try:
        with quiet():
            content = converter.convert()
    except Exception as error:  # the converter raises whatever lies beneath it
        raise ConversionError(
            f"expected a model that TFLite can convert for {path.name}, it could not ({_reason(error)}): "
            "use layers that it supports, or leave it out by naming the others with --target"
        ) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _reason(error: Exception) -> str:
    """What the converter lacks, by operation and layer; else the first line of its complaint, less MLIR."""
    first, *_ = str(error).splitlines() or [""]
    lacking = re.search(r'fused\["(\w+):", "([^"@]+)@.*\'tf\.\w+\' op is neither', first)
    if lacking:
        operation, path = lacking.groups()  # model/layer/..., or the operation's own name
        _, _, layer = path.partition("/")
        return f"TFLite has no {operation} operation ({layer.split('/')[0] or path})"
    return one_line(re.sub(r"^.*<unknown>:0: error: (loc\(.*\): )?", "", first) or error)
