"""The figures: what is drawn in them, and that the same drawing gives the same bytes."""

import base64
import io
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from train.data.dataset import Split
from train.evaluation.results import Mistake
from train.network.weight_changes import Change
from train.report import figures, weight_histograms

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
DIGITS = tuple("0123456789")


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def pictures(svg: str) -> list[Any]:
    images = ElementTree.fromstring(svg).iter(f"{SVG}image")
    contents = [base64.b64decode(image.get(LINK, "").partition(",")[2]) for image in images]
    return [np.asarray(Image.open(io.BytesIO(content))) for content in contents]


def random_split(count: int, shape: tuple[int, ...], classes: int = 10) -> Split:
    rng = np.random.default_rng(0)
    return Split(
        rng.integers(0, 256, (count, *shape)).astype(np.uint8), (np.arange(count) % classes).astype(np.uint8)
    )


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (7, 7), (25, 25), (40, 25)])
def test_the_sheet_shows_the_first_pictures_with_their_labels(count, shown):
    split = random_split(count, (28, 28, 1))
    svg = figures.sheet(split, DIGITS)
    assert texts(svg) == [str(label) for label in split.labels[:shown]]
    drawn = pictures(svg)
    assert len(drawn) == shown
    for picture, original in zip(drawn, split.images, strict=False):
        assert np.array_equal(picture[..., 0], original[..., 0])  # every grey level as it is


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_pictures_of_any_shape_are_drawn(channels):
    [drawn] = pictures(figures.sheet(random_split(1, (12, 16, channels)), DIGITS))
    assert drawn.shape == (12, 16, 4)


def test_colours_stay_colours():
    red = np.zeros((1, 8, 8, 3), np.uint8)
    red[..., 0] = 200
    [drawn] = pictures(figures.sheet(Split(red, np.zeros(1, np.uint8)), DIGITS))
    assert drawn[4, 4].tolist() == [200, 0, 0, 255]


def test_large_pictures_are_shown_smaller():
    [drawn] = pictures(figures.sheet(random_split(1, (300, 150, 3)), DIGITS))
    assert drawn.shape[:2] == (64, 32)


def test_a_mistake_names_its_label_and_its_prediction():
    mistake = Mistake(np.zeros((28, 28, 1), np.uint8), label=4, prediction=9, probability=0.8765)
    assert texts(figures.worst([mistake], DIGITS)) == ["4 → 9", "87.65%"]


def curve_points(svg: str) -> list[int]:
    """How many markers each curve has."""
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")
    curves = [
        g for g in groups if (g.get("id") or "").startswith("line2d") and g.find(f"{SVG}path") is not None
    ]
    return [
        len(list(curve.iter(f"{SVG}use")))
        for curve in curves
        if any("clip-path" in path.attrib for path in curve.findall(f"{SVG}path")[:1])
    ]


HISTORY = {
    "epoch": [1.0, 2.0, 3.0],
    "loss": [2.0, 0.5, 0.1],
    "accuracy": [0.3, 0.8, 0.97],
    "val_loss": [1.5, 0.4, 0.2],
    "val_accuracy": [0.4, 0.85, 0.9],
    "learning_rate": [0.01, 0.005, 0.001],
}


def test_curves_have_a_point_for_every_epoch():
    svg = figures.curves(HISTORY)
    assert [count for count in curve_points(svg) if count] == [3, 3, 3, 3, 3]
    drawn = texts(svg)
    assert {"loss (logarithmic)", "accuracy, %", "learning rate", "training", "validation", "epoch"} <= set(
        drawn
    )


def test_curves_show_what_the_history_has():
    svg = figures.curves({name: values for name, values in HISTORY.items() if name in ("epoch", "loss")})
    assert [count for count in curve_points(svg) if count] == [3]
    assert not {"accuracy, %", "learning rate", "validation"} & set(texts(svg))


@pytest.mark.parametrize("loss", [0.5, 0.0, float("nan"), float("inf")])
def test_one_epoch_is_a_point_whatever_its_loss(loss):
    history = {name: values[:1] for name, values in HISTORY.items()} | {"loss": [loss]}
    svg = figures.curves(history)
    assert curve_points(svg).count(1) >= 4
    assert "1" in texts(svg)


def test_the_confusion_matrix_has_its_counts_and_classes():
    table = np.array([[50, 3, 0], [0, 41, 0], [2, 0, 9]])
    assert sorted(texts(figures.confusion_matrix(table, ("cat", "dog", "owl")))) == sorted(
        ["50", "3", "41", "2", "9", *("cat", "dog", "owl") * 2, "prediction", "label"]
    )


def test_right_predictions_are_green_and_the_commonest_mistake_is_the_deepest_red():
    [cells] = pictures(figures.confusion_matrix(np.array([[50, 4], [2, 40]]), ("a", "b")))
    assert cells.shape == (2, 2, 4)
    (right, often), (seldom, _) = cells.astype(int)
    assert right[1] > right[0]
    assert often[0] > often[1]
    assert often[3] > seldom[3] > 0


def test_large_confusion_matrices_have_no_numbers_in_the_cells():
    table = 777 * np.eye(256, dtype=np.intp)
    svg = figures.confusion_matrix(table, tuple(map(str, range(256))))
    assert "777" not in texts(svg)
    assert pictures(svg)[0].shape == (256, 256, 4)


def test_histograms_have_a_panel_for_each_kernel():
    rng = np.random.default_rng(0)
    changes = [
        Change(name, rng.normal(size=shape), rng.normal(size=shape))
        for name, shape in (("conv1/kernel", (3, 3, 1, 8)), ("conv1/bias", (8,)), ("out/kernel", (8, 10)))
    ]
    drawn = texts(weight_histograms.histograms(changes))
    assert {"conv1/kernel", "out/kernel", "before", "after"} <= set(drawn)
    assert "conv1/bias" not in drawn


@pytest.mark.parametrize("after", [np.zeros((4, 4)), np.full((4, 4), np.nan), np.full((4, 4), np.inf)])
def test_histograms_bear_dead_and_diverged_weights(after):
    assert "k" in texts(weight_histograms.histograms([Change("k", np.zeros((4, 4)), after)]))


def all_figures() -> list[str]:
    split = random_split(25, (28, 28, 1))
    return [
        figures.sheet(split, DIGITS),
        figures.worst([Mistake(split.images[0], 1, 2, 0.9)], DIGITS),
        figures.curves(HISTORY),
        figures.confusion_matrix(np.eye(10, dtype=np.intp), DIGITS),
        weight_histograms.histograms([Change("k", np.arange(9.0).reshape(3, 3), np.eye(3))]),
    ]


def test_same_drawing_same_bytes():
    assert all_figures() == all_figures()


def test_every_figure_follows_the_readers_scheme():
    for svg in all_figures():
        assert "prefers-color-scheme: dark" in svg
        assert "currentColor" in svg
        assert "DejaVu" not in svg
        assert "#000000" not in svg  # a black line could not be seen on black


def test_names_are_text_not_markup():
    name = "<script>$x</script>"
    assert name in texts(figures.confusion_matrix(np.eye(2, dtype=np.intp), (name, "b")))
