"""Damage that the test split hides, because it lacks a class, a colour or a place, is found all the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import pytest

from export.pipeline.reference_model import ReferenceModel
from tests.export.parity.test_damage_is_caught import TFLITE, verdicts
from tests.export.parity.trained_models import DAMAGES, Trained, cnn, colour, grey, kernels, mlp_on_rows
from tests.export.reference.bars import SIDE
from tests.often import often
from train.data.dataset import Dataset, Split

pytestmark = pytest.mark.integration
BORDER = 2


def colour_tested_on_grey() -> Dataset:
    data = colour()
    without = data.test.images.mean(axis=-1, keepdims=True).repeat(3, axis=-1).astype(np.uint8)
    return replace(data, test=Split(without, data.test.labels))


def without_two_classes() -> Dataset:
    data = grey()
    kept = data.test.labels < 2
    return replace(data, test=Split(data.test.images[kept], data.test.labels[kept]))


def with_a_blank_border() -> Dataset:
    def cleared(split: Split) -> Split:
        images = np.zeros_like(split.images)
        inner = slice(BORDER, -BORDER)
        images[:, inner, inner] = split.images[:, inner, inner]
        return Split(images, split.labels)

    data = grey()
    return replace(
        data, train=cleared(data.train), validation=cleared(data.validation), test=cleared(data.test)
    )


def swap_the_last_two_classes(model: keras.Model) -> None:
    for weight in model.layers[-2].weights:
        values = np.array(weight)
        values[..., [2, 3]] = values[..., [3, 2]]
        weight.assign(values)


def negate_the_border(model: keras.Model) -> None:
    values = np.array(kernels(model)[0])
    border = np.ones((SIDE, SIDE), bool)
    border[BORDER:-BORDER, BORDER:-BORDER] = False
    values[border.ravel()] *= -1
    kernels(model)[0].assign(values)


@dataclass(frozen=True)
class Hidden:
    """A model, and damage that its test split hides."""

    trained: Trained
    damage: Callable[[keras.Model], None]
    confidence: float = 1.0  # the logits are multiplied by it

    def fit(self, scratch: Path) -> ReferenceModel:
        reference = self.trained.fit(scratch)
        for weight in reference.model.layers[-1].weights:
            weight.assign(np.array(weight) * self.confidence)
        return reference


HIDDEN = {
    "colours": Hidden(Trained(colour_tested_on_grey, lambda: cnn(3)), DAMAGES["channels"]),
    "classes": Hidden(Trained(without_two_classes, lambda: cnn(1)), swap_the_last_two_classes, 10),
    "places": Hidden(Trained(with_a_blank_border, mlp_on_rows), negate_the_border),
}


@pytest.mark.parametrize("name", often(HIDDEN, lambda name: name == "colours"))
def test_only_the_faithful_exports_pass(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = HIDDEN[name].fit(tmp_path / "scratch")
    monkeypatch.setitem(DAMAGES, name, HIDDEN[name].damage)
    faithful = verdicts(reference, TFLITE, tmp_path / "faithful")
    assert {name: verdict.failures for name, verdict in faithful.items() if not verdict.passed} == {}
    damaged = verdicts(reference, TFLITE, tmp_path / "damaged", name)
    assert [name for name, verdict in damaged.items() if verdict.passed] == []
