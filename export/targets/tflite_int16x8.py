"""TFLite, 8-bit weights and 16-bit activations, float32 in and out."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from export.parity.probes import noise_images
from export.runtimes import litert
from export.target import Source, Target
from export.targets import _budgets
from export.targets._sums import fits_32_bits
from export.targets._tflite import converted, write
from export.targets._tflite_biases import with_own_biases
from export.targets._tflite_operations import refusal_of_int16x8

OPERATIONS = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
NOISE = 16
SEED = 11  # another than the probes'


def write_int16x8(source: Source, path: Path) -> None:
    """Convert the model and write the `.tflite`, with 32-bit sums where no picture can overflow them.

    LiteRT has a fast kernel for those alone: 0.14 ms for a picture and a CNN of 5.3 million multiplications,
    not the 2.0 ms of the converter's 64 bits.

    65,536 quantization levels are enough for what no test image reaches, too: its ranges are taken from noise
    and from blank and full pictures as well.

    Raises:
        ConversionError: If the converter refuses the model.
    """
    shape = source.calibration.shape[1:]
    flat = np.stack([np.full(shape, grey, np.uint8) for grey in (0, 255)])
    everything = np.concatenate([source.calibration, noise_images(NOISE, shape, SEED), flat])
    source = replace(source, calibration=everything)
    content = converted(source, path, operations=OPERATIONS, biases="int32")
    if not fits_32_bits(content):
        content = converted(source, path, operations=OPERATIONS, biases="int64")
    write(with_own_biases(content), source, path)


TARGET = Target(
    name="tflite-int16x8",
    purpose="8-bit weights where int8 loses too much",
    path="tflite/int16x8.tflite",
    budget=_budgets.INT16X8,
    convert=write_int16x8,
    engines=(litert.ENGINE,),
    refusal=refusal_of_int16x8,
)
