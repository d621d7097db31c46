"""The page resizes pictures as Keras does, and turns them grey as Pillow does."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from train.console.quiet import import_tensorflow

HERE = Path(__file__).parent
# Height and width of a picture, and of what it becomes: smaller, larger, the same, of other proportions.
SIZES = [
    ((300, 400), (96, 96)),
    ((400, 300), (96, 96)),
    ((31, 57), (64, 48)),
    ((57, 31), (24, 32)),
    ((96, 96), (96, 96)),
    ((7, 5), (28, 28)),
    ((1, 1), (8, 8)),
    ((1, 9), (4, 4)),
    ((640, 2), (32, 32)),
    ((223, 225), (224, 224)),
    ((50, 200), (20, 60)),
]


def test_it_is_smart_resize_within_a_grey_level(node: Callable[..., Any]) -> None:
    import_tensorflow()
    from keras.preprocessing.image import smart_resize

    random = np.random.default_rng(5)
    cases, expected = [], []
    for (picture, target), channels in [(sizes, channels) for sizes in SIZES for channels in (1, 3)]:
        pixels = random.integers(0, 256, (*picture, channels), np.uint8)
        expected.append(np.asarray(smart_resize(pixels, target, data_format="channels_last")))
        sides = [dict(zip(("height", "width"), size, strict=True)) for size in (picture, target)]
        encoded = base64.b64encode(pixels.tobytes()).decode()
        cases.append({"pixels": encoded, "picture": sides[0], "target": sides[1], "channels": channels})
    done = node(HERE / "resize.mjs", input=json.dumps(cases))
    assert done.returncode == 0, done.stderr
    for case, wanted, encoded in zip(cases, expected, json.loads(done.stdout), strict=True):
        found = np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(wanted.shape)
        difference = np.abs(found - wanted).max()
        assert difference <= 0.51, (case["picture"], case["target"], difference)  # rounded to whole levels


def test_its_greys_are_those_of_pillow(node: Callable[..., Any]) -> None:
    colours = np.random.default_rng(6).integers(0, 256, (200, 300, 3), np.uint8)
    opaque = np.concatenate([colours, np.full((200, 300, 1), 255, np.uint8)], axis=-1)
    done = node(HERE / "grey.mjs", input=base64.b64encode(opaque.tobytes()).decode())
    assert done.returncode == 0, done.stderr
    found = np.frombuffer(base64.b64decode(done.stdout), np.uint8).reshape(200, 300)
    np.testing.assert_array_equal(found, np.asarray(Image.fromarray(colours).convert("L")))
