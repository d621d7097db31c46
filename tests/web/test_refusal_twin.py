"""web/src/drawing/refusal.js refuses what train/evaluation/refusal.py refuses."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.evaluation.calibration import CONFIDENT
from train.evaluation.refusal import SEVERAL, UNKNOWN, refusal

HERE = Path(__file__).parent
KNOWN_FROM = 0.6


@pytest.mark.parametrize("contract", [InputContract(), InputContract(background=255, ink=0)])
def test_of_pictures_and_probabilities_of_all_kinds(
    node: Callable[..., Any], contract: InputContract
) -> None:
    rng = np.random.default_rng(6)
    pictures = [normalise(_at_random(rng), contract) for _ in range(200)]
    probabilities = rng.uniform(0.3, 1, len(pictures)).tolist()
    done = node(
        HERE / "refusal.mjs",
        input=json.dumps(
            {
                "pictures": [base64.b64encode(picture.tobytes()).decode() for picture in pictures],
                "probabilities": probabilities,
                "output": {"kind": "softmax", "confident": CONFIDENT, "known_from": KNOWN_FROM},
                "contract": contract.to_json(),
            }
        ),
    )
    assert done.returncode == 0, done.stderr
    expected = [
        refusal(picture[..., None], probability, KNOWN_FROM, contract) or ""
        for picture, probability in zip(pictures, probabilities, strict=True)
    ]
    assert json.loads(done.stdout) == expected
    assert {"", UNKNOWN, SEVERAL} == set(expected)
    confident = [
        found for found, probability in zip(expected, probabilities, strict=True) if probability > CONFIDENT
    ]
    assert UNKNOWN in confident  # a blot


def _at_random(rng: np.random.Generator) -> np.ndarray:
    """A digit, a dot, or a line of points anywhere."""
    kind = rng.integers(3)
    strokes: list[Any] = [stroke * 140 + 50 for stroke in draw(int(rng.integers(10)), rng)]
    if kind == 1:
        strokes = [rng.uniform(30, 250, (1, 2))]
    elif kind == 2:
        strokes = [rng.uniform(0, (280, 200), (7, 2))]
    return render(strokes, 280, rng.uniform(6, 30))
