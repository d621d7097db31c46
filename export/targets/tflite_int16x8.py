"""TFLite, 8-bit weights and 16-bit activations, float32 in and out."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from export.parity.probes import noise_images
from export.runtimes import litert
from export.target import Source, Target
from export.targets import _budgets
from export.targets._sums import with_short_sums
from export.targets._tflite import converted, write
from export.targets._tflite_biases import with_own_biases
from export.targets._tflite_operations import refusal_of_int16x8

OPERATIONS = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
NOISE = 16
SEED = 11  # another than the probes'


def write_int16x8(source: Source, path: Path) -> None:
    """Convert the model and write the `.tflite`, with 32-bit sums in layers that no picture can overflow.

    LiteRT has fast kernels for those alone: 0.10 instead of 0.71 ms for a picture and the default network,
    6.8 instead of 26.8 ms for MobileNetV2 at 96x96, whose depthwise layers have no such kernel.

    65,536 quantization levels are enough for what no test image reaches, too: its ranges are taken from noise
    and from blank and full pictures as well.

    Raises:
        ConversionError: If the converter refuses the model.
    """
    shape = source.calibration.shape[1:]
    flat = np.stack([np.full(shape, grey, np.uint8) for grey in (0, 255)])
    everything = np.concatenate([source.calibration, noise_images(NOISE, shape, SEED), flat])
    source = replace(source, calibration=everything)
    content = converted(source, path, operations=OPERATIONS)
    write(with_short_sums(with_own_biases(content)), source, path)


TARGET = Target(
    name="tflite-int16x8",
    purpose="8-bit weights where int8 loses too much",
    path="tflite/int16x8.tflite",
    budget=_budgets.INT16X8,
    convert=write_int16x8,
    engines=(litert.ENGINE,),
    refusal=refusal_of_int16x8,
)
