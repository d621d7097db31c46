"""web/src/drawing/preprocess.js gives what train/drawing/preprocess.py gives, to one grey level."""

import base64
import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.preprocess import normalise

HERE = Path(__file__).parent
DRAWINGS = json.loads((HERE.parent / "golden" / "drawings.json").read_text(encoding="utf-8"))

Twin = Callable[..., list[NDArray[np.uint8]]]


def unpack(packed: str, *shape: int) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8).reshape(shape)


def inks() -> list[NDArray[np.uint8]]:
    return [unpack(drawing["ink"], drawing["rows"], drawing["columns"]) for drawing in DRAWINGS]


def largest_difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int(np.abs(a.astype(int) - b.astype(int)).max())


@pytest.fixture(scope="module")
def twin(node: Callable[..., Any]) -> Twin:
    """The JavaScript twin, many drawings in one run of Node."""

    def run(drawings: Sequence[NDArray[np.uint8]], contract: InputContract) -> list[NDArray[np.uint8]]:
        question = {
            "contract": contract.to_json(),
            "drawings": [
                {
                    "rows": ink.shape[0],
                    "columns": ink.shape[1],
                    "ink": base64.b64encode(ink.tobytes()).decode(),
                }
                for ink in drawings
            ],
        }
        done = node(HERE / "golden.mjs", input=json.dumps(question))
        assert done.returncode == 0, done.stderr
        size = (contract.height, contract.width)
        return [
            np.frombuffer(base64.b64decode(one), np.uint8).reshape(size) for one in json.loads(done.stdout)
        ]

    return run


@pytest.fixture(scope="module")
def pictures(twin: Twin) -> dict[str, NDArray[np.uint8]]:
    """What the twin makes of every golden drawing."""
    names = [drawing["name"] for drawing in DRAWINGS]
    return dict(zip(names, twin(inks(), InputContract()), strict=True))


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing["name"])
def test_golden_drawing(drawing: dict[str, Any], pictures: dict[str, NDArray[np.uint8]]) -> None:
    contract = InputContract()
    expected = unpack(drawing["expected"], contract.height, contract.width)
    assert largest_difference(pictures[drawing["name"]], expected) <= 1


@pytest.mark.parametrize(
    "contract",
    [
        InputContract(background=255, ink=0),
        InputContract(height=32, width=48, box=24, centre=0.5),
        InputContract(background=30, ink=200, box=28),
    ],
    ids=["dark ink", "other geometry", "grey, filling the picture"],
)
def test_the_geometry_comes_from_the_contract(contract: InputContract, twin: Twin) -> None:
    for ink, picture in zip(inks(), twin(inks(), contract), strict=True):
        assert largest_difference(picture, normalise(ink, contract)) <= 1


def test_javascript_holds_no_geometry() -> None:
    sources = (HERE.parents[1] / "web" / "src").rglob("*.js")
    found = {
        file.name: re.findall(r"\b(?:28|20|255)\b", file.read_text(encoding="utf-8")) for file in sources
    }
    assert "preprocess.js" in found
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_a_twin_with_another_box_is_noticed(twin: Twin) -> None:
    [picture] = twin(inks()[:1], replace(InputContract(), box=19))
    assert largest_difference(picture, normalise(inks()[0], InputContract())) > 1
