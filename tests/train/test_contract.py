"""The input contract: its JSON is complete, and nothing unknown slips in."""

import dataclasses
import json

import pytest

from train.contract import InputContract


@pytest.mark.parametrize(
    "contract",
    [
        InputContract(),
        InputContract(background=255, ink=0),
        InputContract(height=32, width=40, channels=3, box=24, centre=0.5, labels=("yes", "no")),
    ],
)
def test_survives_json(contract):
    assert InputContract.from_json(json.loads(json.dumps(contract.to_json()))) == contract


def test_json_holds_every_field():
    assert set(InputContract().to_json()) == {field.name for field in dataclasses.fields(InputContract)}


def test_unknown_field_is_refused():
    with pytest.raises(ValueError, match="colour"):
        InputContract.from_json(InputContract().to_json() | {"colour": "red"})


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(InputContract)])
def test_missing_field_is_refused(name):
    values = InputContract().to_json()
    del values[name]
    with pytest.raises(ValueError, match=name):
        InputContract.from_json(values)


def test_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        InputContract().box = 24  # type: ignore[misc]


def test_shape_is_rows_columns_channels():
    assert InputContract(height=32, width=40, channels=3).shape == (32, 40, 3)
