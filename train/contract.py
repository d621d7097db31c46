"""The input contract: the form of a model's input images and the meaning of its outputs.

This is the only place in the project that defines the geometry of MNIST. The contract is written as JSON into
the manifest and the web page, so that code in other languages needs no numbers of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class InputContract:
    """How a drawing is turned into a model's input, and the names of the model's outputs.

    The defaults are MNIST's, as http://yann.lecun.com/exdb/mnist/ describes them: "size normalized to fit
    in a 20x20 pixel box while preserving their aspect ratio", then put "in a 28x28 image by computing the
    center of mass of the pixels, and translating the image so as to position this point at the center".

    Attributes:
        height: Rows of the model's input, in pixels.
        width: Columns of the model's input, in pixels.
        channels: Channels of the model's input; a drawing has one.
        box: Length to which the longer side of the ink is scaled, in pixels.
        centre: Where the ink's centre of mass goes, as a fraction of the image's sides. In the 60,000
            training images of MNIST it lies at 14.50 of 28 pixels on average (x 14.507, y 14.496), half a
            pixel past the middle, and always between 14 and 15, because MNIST moved whole pixels.
        background: Grey level of the paper, 0..255.
        ink: Grey level of the ink, 0..255.
        labels: Names of the classes, in the order of the model's outputs.
    """

    height: int = 28
    width: int = 28
    channels: int = 1
    box: int = 20
    centre: float = 14.5 / 28
    background: int = 0
    ink: int = 255
    labels: tuple[str, ...] = tuple("0123456789")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one input: (height, width, channels)."""
        return (self.height, self.width, self.channels)

    @property
    def takes_drawings(self) -> bool:
        """Whether its pictures are drawn digits, as MNIST's, and not any others."""
        return self == InputContract()

    @classmethod
    def scaled_to(cls, shape: tuple[int, int, int], classes: int) -> InputContract:
        """MNIST's contract, with its geometry scaled to images of another shape.

        Args:
            shape: (height, width, channels).
            classes: Number of classes. Their labels are numbers; ten classes are the digits.
        """
        height, width, channels = shape
        box = round(min(height, width) * cls().box / cls().height)
        return cls(height, width, channels, box, labels=tuple(map(str, range(classes))))

    def to_json(self) -> dict[str, Any]:
        """The contract as values that JSON can represent."""
        return asdict(self) | {"labels": list(self.labels)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> InputContract:
        """The contract that `to_json` wrote.

        Raises:
            ValueError: If a field is missing or unknown.
        """
        expected = {field.name for field in fields(cls)}
        if set(values) != expected:
            raise ValueError(f"expected the contract's fields {sorted(expected)}, found {sorted(values)}")
        return cls(**{**values, "labels": tuple(values["labels"])})
