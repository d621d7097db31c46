"""web/src/photo/ finds in photos what train/drawing/photo.py finds, to one grey level."""

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.golden.photos import GOLDEN, Golden
from train.contract import InputContract
from train.drawing.photo import NoDigitsError, digits_in
from train.drawing.preprocess import normalise

HERE = Path(__file__).parent

Image = NDArray[np.uint8]
Twin = Callable[[Sequence[Image]], list[Image | None]]


@pytest.fixture(scope="module")
def twin(node: Callable[..., Any]) -> Twin:
    """The model's inputs that many photos give, in one run of Node; None for a photo without digits."""
    contract = InputContract()

    def run(photos: Sequence[Image]) -> list[Image | None]:
        question = {
            "contract": contract.to_json(),
            "photos": [
                {
                    "rows": grey.shape[0],
                    "columns": grey.shape[1],
                    "grey": base64.b64encode(grey.tobytes()).decode(),
                }
                for grey in photos
            ],
        }
        done = node(HERE / "photos.mjs", input=json.dumps(question))
        assert done.returncode == 0, done.stderr
        return [
            digits and np.array([np.frombuffer(base64.b64decode(one), np.uint8) for one in digits])
            for digits in json.loads(done.stdout)
        ]

    return run


@pytest.fixture(scope="module")
def found(twin: Twin) -> dict[str, Image | None]:
    """What the twin finds in every golden photo."""
    return dict(zip([one.name for one in GOLDEN], twin([one.grey for one in GOLDEN]), strict=True))


def expect_equal(found: Image | None, expected: Image | None) -> None:
    """But for one level: both calculate in float64, and their sums may differ in the last digit."""
    if found is None or expected is None:
        assert found is expected
        return
    assert len(found) == len(expected)
    assert np.abs(found.astype(int) - expected.reshape(found.shape)).max() <= 1


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_golden_photo(golden: Golden, found: dict[str, Image | None]) -> None:
    expect_equal(found[golden.name], golden.digits)


def expected_in(grey: Image) -> Image | None:
    try:
        digits = digits_in(grey.astype(np.float64))
    except NoDigitsError:
        return None
    return np.array([normalise(ink, InputContract()) for ink in digits])


@pytest.mark.parametrize(
    "change",
    [lambda grey: grey.T, lambda grey: 255 - grey, lambda grey: grey[::2, ::3], lambda grey: grey[:, :9]],
    ids=["turned", "negative", "squeezed", "a strip"],
)
def test_changed_photos(change: Callable[[Image], Image], twin: Twin) -> None:
    photos = [change(golden.grey) for golden in GOLDEN]
    for found, grey in zip(twin(photos), photos, strict=True):
        expect_equal(found, expected_in(grey))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 3), (40, 3)])
def test_the_smallest_photos(shape: tuple[int, int], twin: Twin) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for found, grey in zip(twin([noise, noise * 0]), [noise, noise * 0], strict=True):
        expect_equal(found, expected_in(grey))
