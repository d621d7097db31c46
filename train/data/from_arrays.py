"""A dataset from arrays in memory, in the forms that `.npz` files may have."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.assemble import assemble
from train.data.npz import Arrays, split_pair
from train.data.picture_shape import PictureShape
from train.data.pixels import Scale, measure, scale_of
from train.data.splits import ARRAYS, Dataset
from train.errors import DataError

NAME = "arrays"
TEST_FRACTION = 0.5  # of the only split, where there is one


@dataclass(frozen=True, slots=True)
class ArrayData:
    """Pictures and labels in memory.

    Attributes:
        train: Pictures and labels for training, calibration and finding the scale; None to use a part of
            the others.
        test: Pictures and labels that exported models are compared on; None to use a part of the others.
    """

    train: tuple[Any, Any] | None
    test: tuple[Any, Any] | None

    def identity(self) -> dict[str, str]:
        """The name and a hash of the arrays."""
        digest = hashlib.sha256()
        for array in self._pairs_flat():
            digest.update(f"{array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return {"name": NAME, "sha256": digest.hexdigest()}

    def read(self, wanted: PictureShape | None = None, classes: int | None = None) -> Dataset:
        """Understand and split them, see `train.data.dataset.DatasetFile.read`.

        Raises:
            DataError: If they aren't pictures with a label each.
        """
        given = [pair for pair in (self.train, self.test) if pair is not None]
        pairs = [(np.asarray(pictures), np.asarray(labels)) for pictures, labels in given]
        if not pairs:
            raise DataError("expected pictures and labels, found neither: give test=(pictures, labels)")
        for pictures, labels in pairs:
            if pictures.ndim < 2 or labels.shape[:1] != pictures.shape[:1] or not pictures.size:
                raise DataError(
                    "expected arrays of pictures, (images, rows, columns), and of as many labels, found "
                    f"shapes {pictures.shape} and {labels.shape}: pair them up"
                )
            if pictures.dtype.kind not in "uifb" or labels.dtype.kind not in "uifbUS":
                raise DataError(
                    f"expected arrays of numbers, found {pictures.dtype} and {labels.dtype}: convert them "
                    "with .astype"
                )
        scale = scale_of({f"x of split {i}": measure([x]) for i, (x, _) in enumerate(pairs)})
        pairs = [(scale.as_bytes(pictures), labels) for pictures, labels in pairs]
        if len(pairs) == 1:
            pairs = split_pair(*pairs[0], TEST_FRACTION, "the arrays")
        scaled = () if scale is Scale.BYTES else (f"pixels {scale} are taken as grey levels 0..255",)
        arrays = dict(zip(ARRAYS, (array for pair in pairs for array in pair), strict=True))
        return assemble(NAME, Arrays(arrays, scaled), "the arrays", wanted, classes)

    def _pairs_flat(self) -> list[NDArray[Any]]:
        return [np.asarray(array) for pair in (self.train, self.test) if pair for array in pair]
