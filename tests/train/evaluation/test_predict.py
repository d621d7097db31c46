"""Reading digits from picture files, by function and by command."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import center_of_mass

from tests.train.command_line import train
from tests.train.drawing.picture_forms import CONTRACT, FORMS, dark_on_light, digit, lit_from_one_side
from train.drawing.preprocess import normalise
from train.evaluation.predict import describe, read_digits
from train.model_file.model_file import load_model
from train.model_file.signature import contract_of

predict = partial(train, "predict", timeout_s=120)


def test_pictures_of_each_form_are_read(trained, tmp_path):
    """130 pictures; of 1,950 such a model read 98.0%, no form worse than 97.3%."""
    classifier, rng = load_model(trained), np.random.default_rng(5)
    labels, forms = np.tile(np.arange(10), len(FORMS)), [form for form in FORMS for _ in range(10)]
    paths = [
        form(digit(label, rng), rng, tmp_path / str(n))
        for n, (form, label) in enumerate(zip(forms, labels, strict=True))
    ]
    readable, pictures, errors = read_digits(paths, CONTRACT)
    assert errors == []
    assert readable == [(path, 1) for path in paths]
    right = classifier.predict(pictures.astype(np.float32), verbose=0).argmax(axis=1) == labels
    assert right.mean() >= 0.93
    fractions = dict(zip((form.__name__ for form in FORMS), right.reshape(-1, 10).mean(axis=1), strict=True))
    assert min(fractions.values()) >= 0.7, fractions


@pytest.mark.mnist
def test_mnist_pictures_work_as_they_are(mnist_npz, tmp_path):
    """From a file they are what they were, but put where MNIST, which moved whole pixels, meant to."""
    with np.load(mnist_npz) as arrays:
        images = arrays["x_test"][:200]
    for n, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{n}.png")
    _, pictures, errors = read_digits([tmp_path / f"{n}.png" for n in range(200)], CONTRACT)
    assert errors == []
    for picture, image in zip(pictures[..., 0], images, strict=True):
        shift = np.subtract(center_of_mass(picture), center_of_mass(image))
        assert np.abs(shift).max() <= 0.51
        assert np.corrcoef(picture.ravel(), normalise(image, CONTRACT).ravel())[0, 1] > 0.99


def described(*probabilities: Sequence[float], known_from: float | None = None) -> str:
    """What is said of as many digits."""
    pictures = np.stack([normalise(digit(3, np.random.default_rng(1)), CONTRACT)] * len(probabilities))
    rows = np.zeros((len(probabilities), 10), np.float32)
    rows[:, :3] = probabilities
    return describe(Path("a.png"), pictures[..., None], rows, known_from, CONTRACT)


CONFIDENT, TORN, LOST = (0.02, 0.95, 0.03), (0.5, 0.1, 0.4), (0.4, 0.3, 0.3)


def test_runner_up_is_shown_where_the_model_is_not_confident():
    assert described(CONFIDENT) == "a.png  1  95.0%"
    assert described(TORN) == "a.png  0  50.0%  (or 2, 40.0%)"
    assert described(CONFIDENT, TORN) == "a.png  10  50.0%  (digit 2 or 2, 40.0%)"


def test_a_question_mark_stands_for_what_the_model_does_not_know():
    assert described(TORN, known_from=0.5) == "a.png  0  50.0%  (or 2, 40.0%)"
    assert described(LOST, known_from=0.5) == "a.png  ?  (not a digit I know)"
    assert described(CONFIDENT, LOST, TORN, known_from=0.5) == "a.png  1?0  (digit 2 is not a digit I know)"


def test_model_of_another_size_and_three_channels(tmp_path):
    import keras

    model = keras.Sequential(
        [keras.Input((32, 40, 3)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    contract = contract_of(model, tmp_path / "model.h5")
    rng = np.random.default_rng(0)
    _, pictures, _ = read_digits([dark_on_light(digit(2, rng), rng, tmp_path / "two")], contract)
    assert pictures.shape == (1, 32, 40, 3)
    assert model.predict(pictures.astype(np.float32), verbose=0).shape == (1, 10)


def test_command_reads_the_good_ones_and_names_the_bad(trained, tmp_path):
    rng = np.random.default_rng(2)
    three = dark_on_light(digit(3, rng), rng, tmp_path / "three")
    seven = lit_from_one_side(digit(7, rng), rng, tmp_path / "seven")
    (tmp_path / "text.png").write_text("seven")
    done = predict(three, tmp_path / "none.png", seven, tmp_path / "text.png", "--model", trained)
    assert done.returncode == 1
    assert [text.split("  ")[:2] for text in done.stdout.splitlines()] == [
        [str(three), "3"],
        [str(seven), "7"],
    ]
    errors = done.stderr.splitlines()
    assert [text.split(" ")[:2] for text in errors] == [["inkproof:", "expected"]] * 2
    assert "none.png" in errors[0]
    assert "text.png" in errors[1]


def test_command_without_pictures_is_wrong_usage():
    assert predict().returncode == 2


def test_command_without_a_model_is_one_line(tmp_path):
    done = predict(tmp_path / "none.png", "--model", tmp_path / "none.h5")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "none.h5" in done.stderr
