"""What is mixed into MNIST's training split: pen digits and drawings of no digit."""

from dataclasses import replace

import pytest

from train.data.dataset import Dataset, pen_dataset
from train.learning.fit import with_drawings
from train.settings import Settings


@pytest.fixture(scope="module")
def few() -> Dataset:
    """A small dataset that passes for MNIST."""
    return replace(pen_dataset(train=120, test=10), name="mnist")


@pytest.mark.parametrize(
    ("pen_share", "non_digits", "said"),
    [
        (0.5, 0.1, "drawing 55 pen digits and 11 other signs"),
        (0.0, 0.1, "drawing 11 other signs"),
        (0.5, 0.0, "drawing 55 pen digits"),
    ],
)
def test_it_says_what_it_draws(
    few: Dataset, pen_share: float, non_digits: float, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    split = with_drawings(few, Settings(pen_share=pen_share, non_digits=non_digits))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.rpartition("  ")[0] == said
    drawn = sum(int(word) for word in said.split() if word.isdigit())
    assert len(split) == len(few.train) + drawn
    assert (split.labels == few.classes).sum() == round(non_digits * len(few.train))


def test_of_none_nothing_is_said(few: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    assert with_drawings(few, Settings(pen_share=0.0, non_digits=0.0)) is few.train
    assert with_drawings(replace(few, name="mine.npz"), Settings()) is few.train
    assert capsys.readouterr().out == ""
