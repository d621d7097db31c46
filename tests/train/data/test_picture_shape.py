"""Pictures in the shapes of courses and libraries, brought into that of the model where it can be done."""

import numpy as np
import pytest

from train.data.picture_shape import shaped
from train.errors import DataError


def pictures(*shape):
    return np.random.default_rng(0).integers(0, 256, (2, *shape)).astype(np.uint8)


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((28, 28), None),
        ((28, 28), (28, 28, 1)),
        ((28, 28, 1), (28, 28, 1)),
        ((32, 32, 3), (32, 32, 3)),
        ((32, 32, 3), (None, None, 3)),
        ((3, 32, 3), None),
        ((3, 3, 3), (3, 3, 3)),
        ((6, 5, 4), None),
        ((28, 28, 1), (32, 32, 1)),  # another size stays, and whoever compares refuses it
        ((16, 1, 1), (16, 1, 1)),
    ],
)
def test_usual_shapes_stay(shape, wanted):
    given = pictures(*shape)
    found, notes = shaped(given, "x_train", wanted)
    assert found.shape == (2, *shape, 1)[: 4 if len(shape) == 2 else 3] + given.shape[3:]
    assert found.tobytes() == given.tobytes()
    assert notes == ()


@pytest.mark.parametrize(
    ("row", "wanted", "shape"),
    [
        ((784,), None, (28, 28, 1)),
        ((784, 1), None, (28, 28, 1)),
        ((1, 784), (28, 28, 1), (1, 784, 1)),
        ((3072,), None, (32, 32, 3)),
        ((3072,), (None, None, 3), (32, 32, 3)),
        ((30,), (6, 5, 1), (6, 5, 1)),
        ((90,), (6, 5, 3), (6, 5, 3)),
        ((784,), (32, 32, 1), (28, 28, 1)),
    ],
)
def test_rows_of_pixels(row, wanted, shape):
    given = pictures(*row)
    found, _ = shaped(given, "x_train", wanted)
    assert found.shape == (2, *shape)
    assert found.tobytes() == given.tobytes()


def test_rows_are_noted():
    assert shaped(pictures(3072), "x_train")[1] == (
        "rows of 3,072 pixels are taken as pictures of 32 x 32 x 3",
    )


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [((3, 32, 30), None), ((1, 28, 28), None), ((1, 28, 28), (28, 28, 1)), ((3, 8, 4), (8, 4, 3))],
)
def test_channels_first(shape, wanted):
    given = pictures(*shape)
    found, notes = shaped(given, "x_train", wanted)
    np.testing.assert_array_equal(found, given.transpose(0, 2, 3, 1))
    assert "channels came first" in notes[0]


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 1), (1, 6, 5)])
def test_grey_for_a_model_of_colours(shape):
    given = pictures(*shape)
    found, notes = shaped(given, "x_train", (None, None, 3))
    assert found.shape == (2, 6, 5, 3)
    for channel in range(3):
        np.testing.assert_array_equal(found[..., channel].ravel(), given.ravel())
    assert "three equal channels" in notes[-1]


@pytest.mark.parametrize(
    ("shape", "found"), [((783,), "783 pixels"), ((6, 5, 1, 1, 1), "(2, 6, 5, 1, 1, 1)")]
)
def test_what_are_no_pictures(shape, found):
    with pytest.raises(DataError, match="expected x_train of a file") as caught:
        shaped(pictures(*shape), "x_train of a file")
    assert found in str(caught.value)
