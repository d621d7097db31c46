"""What a kit is written from: the exported files, and what the manifest says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.manifest import Manifest
from train.contract import InputContract


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output of a `.tflite`.

    Attributes:
        type: `float32` or `uint8`.
        scale: What one quantization level stands for; 0 where the numbers are floats.
        zero_point: The quantized number that stands for 0.
    """

    type: str
    scale: float
    zero_point: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A `.tflite` of a kit.

    Attributes:
        target: The target's name, `tflite-int8`.
        path: The file in the output folder.
        bytes: Its size.
        sha256: Its digest.
        image: Its input, one picture.
        answer: Its output.
        operations: See `export.runtimes.tflite_file.operations_of`.
        accuracy: On the test split, 0..1; None where nobody knows.
        max_abs_diff: Largest difference of a probability to the reference model's.
    """

    target: str
    path: Path
    bytes: int
    sha256: str
    image: Tensor
    answer: Tensor
    operations: Sequence[Mapping[str, Any]]
    accuracy: float | None
    max_abs_diff: float | None

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Example:
    """Something that people give to an app, and what the model takes instead.

    Attributes:
        given: A drawing's ink, shape (rows, columns), 0 for bare paper; or a picture's red, green and blue,
            shape (rows, columns, 3).
        image: What preprocessing makes of it, shape (height, width, channels).
    """

    given: NDArray[np.uint8]
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class KitModel:
    """The model of a kit.

    Attributes:
        manifest: Of the output folder.
        out: The output folder.
        contract: What the model takes and gives.
        variants: Its `.tflite` files, those of the kit first to last as the kit wants them.
        images: Golden pictures, shape (n, height, width, channels).
        outputs: What LiteRT's interpreter gives for each of them, by target: shape (n, classes), the file's
            own numbers.
        examples: Golden inputs of the preprocessing.
    """

    manifest: Manifest
    out: Path
    contract: InputContract
    variants: tuple[Variant, ...]
    images: NDArray[np.uint8]
    outputs: Mapping[str, NDArray[Any]]
    examples: tuple[Example, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.contract.labels

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.manifest.model["name"])

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest.model["version"])

    @property
    def task(self) -> str:
        """`classes`, `several` labels a picture, or `values`: see `export.reference.tasks.Task`."""
        return str(self.manifest.model["task"])

    @property
    def output_name(self) -> str:
        """The name of the output in every file."""
        return "values" if self.task == "values" else "probabilities"

    @cached_property
    def probabilities(self) -> dict[str, NDArray[np.float32]]:
        """The outputs in 0..1, by target: quantized ones are scaled back."""
        found = {}
        for variant in self.variants:
            numbers, answer = self.outputs[variant.target], variant.answer
            scaled = (numbers.astype(np.float32) - answer.zero_point) * np.float32(answer.scale)
            found[variant.target] = scaled if answer.scale else numbers
        return found

    def only(self, targets: Sequence[str]) -> KitModel:
        """The same with these targets' files alone, in this order."""
        known = {variant.target: variant for variant in self.variants}
        chosen = tuple(known[target] for target in targets if target in known)
        return replace(self, variants=chosen)
