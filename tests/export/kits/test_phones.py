"""How far the numbers of a phone may be from the golden ones."""

from dataclasses import replace

import numpy as np
import pytest

from export.kits._model import KitModel, Tensor
from export.kits._phones import tolerance


def test_probabilities_may_be_a_hundredth_apart(drawings_model: KitModel, colours_model: KitModel) -> None:
    assert tolerance(drawings_model) == tolerance(colours_model) == 0.01


def test_values_may_be_a_hundredth_of_their_range_apart(values_model: KitModel) -> None:
    span = np.ptp(values_model.outputs["tflite-float32"])
    assert span > 10
    assert tolerance(values_model) == pytest.approx(span / 100)


def test_bytes_may_be_two_levels_apart(drawings_model: KitModel) -> None:
    coarse = Tensor("uint8", 0.1, 0)
    variants = tuple(replace(variant, answer=coarse) for variant in drawings_model.variants)
    assert 0.2 < tolerance(replace(drawings_model, variants=variants)) < 0.3
