"""Training: the same weights from the same seed, files that Keras reads, all of them or none."""

import csv
import json
import re
import shutil
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tests.often import often
from tests.train.command_line import train
from tests.train.outputs import entries, same_weights
from train.data.dataset import open_dataset, pen_dataset
from train.errors import OutputError
from train.learning.fit import fit
from train.model_file.known_from import read_known_from
from train.output.staging import at_work
from train.settings import Settings

pytestmark = [pytest.mark.usefixtures("tensorflow"), pytest.mark.integration]


SHORT = Settings(epochs=2, batch_size=32, optimizer="adamw")


@pytest.fixture(scope="module")
def trained(few, tmp_path_factory):
    """A short run of the default model, by AdamW, whose state a file of Keras can hold."""
    return fit(few, SHORT, tmp_path_factory.mktemp("fit") / "artifacts")


def test_writes_what_it_says_and_nothing_else(trained):
    out = trained.parent
    assert [path.name for path in out.parent.iterdir()] == ["artifacts"]
    assert entries(out)[:2] == ["model.h5", "training"]
    kinds = {path.suffix for path in (out / "training").iterdir()}
    assert kinds == {".csv", ".html", ".keras", ".svg", ".txt"}
    for name in ("best.keras", "history.csv", "index.html", "last.keras", "summary.txt"):
        assert (out / "training" / name).stat().st_size > 0


def test_of_enough_held_out_digits_it_says_what_it_knows(trained, tmp_path):
    assert read_known_from(trained) is None  # 25 held out
    digits = pen_dataset(train=2400, test=20)
    path = fit(digits, Settings("mlp", epochs=2, batch_size=32, validation_split=0.5), tmp_path / "out")
    least = read_known_from(path)
    assert least is not None
    held_out = digits.holding_out(0.5).validation.images.astype(np.float32)
    highest = keras_probabilities(path, held_out).max(axis=1)
    assert (highest < least + 0.01).mean() > 0  # hundredths
    assert (highest < least).mean() <= 0.0015


def keras_probabilities(path, images):
    import keras

    return np.asarray(keras.saving.load_model(path)(images))


def test_model_loads_with_its_training_configuration(trained):
    import keras

    model = keras.saving.load_model(trained)
    assert model.compiled
    assert isinstance(model.optimizer, keras.optimizers.AdamW)
    assert isinstance(model.optimizer._learning_rate, keras.optimizers.schedules.CosineDecay)
    assert model.optimizer.iterations.numpy() == 2 * (275 // 32)
    assert model.loss is keras.losses.sparse_categorical_crossentropy
    assert model.get_compile_config()["metrics"] == ["accuracy"]
    assert model.count_params() == 18_098


def test_loaded_model_gives_the_accuracy_that_was_printed(few, tmp_path, capsys):
    import keras

    path = fit(few, Settings("mlp", epochs=1, batch_size=32), tmp_path / "out")
    line = r"^test: accuracy ([\d.]+)%, loss [\d.]+, 60 images of pen$"
    (printed,) = re.findall(line, capsys.readouterr().out, re.M)
    predictions = np.asarray(keras.saving.load_model(path)(few.test.images.astype(np.float32))).argmax(axis=1)
    assert float(printed) == pytest.approx(100 * (predictions == few.test.labels).mean(), abs=0.01)


def test_history_has_every_epoch(trained):
    with (trained.parent / "training" / "history.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["epoch"] for line in lines] == ["0", "1"]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"):
        assert all(np.isfinite(float(line[name])) for line in lines)


def test_prints_summary_and_a_line_per_epoch(few, tmp_path, capsys):
    fit(few, Settings("mlp", epochs=3, batch_size=64), tmp_path / "out")
    out, err = capsys.readouterr()
    assert "Total params: 8,070" in out
    number = r"\d+\.\d+"
    line = rf"^epoch (\d)/3  loss {number}  accuracy {number}%  validation loss {number}  accuracy {number}%$"
    assert re.findall(line, out, re.M) == ["1", "2", "3"]
    assert re.search(r"^training for 3 epochs  \d+\.\d s$", out, re.M)
    assert err == ""


def test_same_seed_same_weights(few, trained, tmp_path):
    assert same_weights(trained, fit(few, SHORT, tmp_path / "again"))


def test_other_seed_other_weights(few, tmp_path):
    one, other = (fit(few, Settings("mlp", 1, 32, seed), tmp_path / str(seed)) for seed in (0, 1))
    assert not same_weights(one, other)


# Chance is 10%. So short a run is too short for the running means of the CNN's normalisation, which only
# the validation and test splits are read with: what it has learnt shows in its training accuracy.
@pytest.mark.parametrize(
    ("model", "epochs", "where"),
    often([("mlp", 8, r"^test: "), ("cnn", 3, r"^epoch 3/3 .*?")], lambda case: case[0] == "mlp"),
)
def test_learns(tmp_path, capsys, model, epochs, where):
    fit(pen_dataset(train=1200, test=300), Settings(model, epochs, 32), tmp_path / "out")
    out = capsys.readouterr().out
    losses = [float(loss) for loss in re.findall(r"^epoch .*?  loss ([\d.]+)", out, re.M)]
    assert len(losses) == epochs
    assert losses[-1] < 0.75 * losses[0]
    (accuracy,) = re.findall(where + r"accuracy ([\d.]+)%", out, re.M)
    assert float(accuracy) > 35


def test_fewer_images_than_a_batch(tmp_path):
    tiny = pen_dataset(train=24, test=10)
    assert fit(tiny, Settings("mlp", epochs=1, batch_size=128), tmp_path / "out").is_file()


@pytest.mark.parametrize("below", ["", "deep/out"])
def test_output_that_cannot_be_written_is_found_out_at_once(few, tmp_path, capsys, below):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OutputError, match="expected"):
        fit(few, Settings("mlp", epochs=1), tmp_path / "file" / below)
    assert entries(tmp_path) == ["file"]
    assert capsys.readouterr().out == ""  # before any work


@pytest.fixture
def fails_to_save(request, monkeypatch):
    """Saving stops half-way with the error that the test asks for."""
    import keras

    def fail(model, path):
        path.write_bytes(b"half")
        raise request.param

    monkeypatch.setattr(keras.Model, "save", fail)


@pytest.mark.parametrize("fails_to_save", [OSError(28, "disk full")], indirect=True)
def test_failure_keeps_the_earlier_model(few, trained, tmp_path, fails_to_save):
    out = shutil.copytree(trained.parent, tmp_path / "out")
    with pytest.raises(OutputError, match="disk full"):
        fit(few, Settings("mlp", epochs=1), out)
    assert entries(out) == entries(trained.parent)
    for name in ("model.h5", "training/history.csv"):
        assert (out / name).read_bytes() == (trained.parent / name).read_bytes()


@pytest.mark.parametrize("fails_to_save", [MemoryError()], indirect=True)
def test_failure_leaves_nothing(few, tmp_path, fails_to_save):
    with pytest.raises(MemoryError):
        fit(few, Settings("mlp", epochs=1), tmp_path / "out")
    assert entries(tmp_path) == []


def test_new_model_takes_the_place_of_the_earlier_one(few, trained, tmp_path):
    out = shutil.copytree(trained.parent, tmp_path / "out")
    (out / "mine.txt").write_text("kept")
    path = fit(few, Settings("mlp", epochs=1), out)
    assert path.read_bytes() != trained.read_bytes()
    assert len((out / "training" / "history.csv").read_text().splitlines()) == 2
    assert sorted(entry.name for entry in out.iterdir()) == ["mine.txt", "model.h5", "training"]


def test_other_shapes_and_classes(tmp_path):
    import keras

    rng = np.random.default_rng(0)
    given: dict[str, Any] = {
        f"x_{half}": rng.integers(0, 256, (60, 12, 16, 3)).astype(np.uint8) for half in ("train", "test")
    }
    given |= {f"y_{half}": (np.arange(60) % 3).astype(np.uint8) for half in ("train", "test")}
    np.savez(tmp_path / "colour.npz", **given)
    path = fit(
        open_dataset(tmp_path / "colour.npz"), Settings("mlp", epochs=1, batch_size=16), tmp_path / "out"
    )
    model = keras.saving.load_model(path)
    assert model.input_shape == (None, 12, 16, 3)
    assert model.output_shape == (None, 3)


def test_saved_model_is_made_of_stock_layers(trained):
    import h5py
    import keras

    with h5py.File(trained) as file:
        config = json.loads(file.attrs["model_config"])
    kinds = [layer["class_name"] for layer in config["config"]["layers"]]
    assert kinds.count("BatchNormalization") == 5
    assert all(hasattr(keras.layers, kind) for kind in kinds)
    assert keras.saving.load_model(trained, safe_mode=True)


def test_best_and_last_checkpoints_are_plain_keras_models(few, trained):
    import keras

    last = keras.saving.load_model(trained.parent / "training" / "last.keras")
    assert same_weights(trained, trained.parent / "training" / "last.keras")
    assert last.optimizer.iterations.numpy() == 2 * (275 // 32)
    with (trained.parent / "training" / "history.csv").open(newline="") as file:
        lowest = min(float(line["val_loss"]) for line in csv.DictReader(file))
    best = keras.saving.load_model(trained.parent / "training" / "best.keras")
    validation = few.validation
    loss, _ = best.evaluate(validation.images.astype(np.float32), validation.labels, verbose=0)
    assert loss == pytest.approx(lowest, rel=1e-4)


def test_a_folder_that_can_not_be_is_refused_before_data_are_read(tmp_path):
    (tmp_path / "file").touch()
    done = train("--data", "none.npz", "--out", "file", cwd=tmp_path)
    assert "expected a folder at file, found a file" in done.stderr


def test_two_runs_on_one_folder_do_not_meet(few, tmp_path):
    with at_work(tmp_path):
        code = f"""
from pathlib import Path
from train.data.dataset import pen_dataset
from train.errors import LockError
from train.learning.fit import fit
from train.settings import Settings
try:
    fit(pen_dataset(train=40, test=10), Settings("mlp", 1), Path({str(tmp_path)!r}))
except LockError as error:
    print(error)
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.startswith(f"expected no other run on {tmp_path}, found ")
        fit(few, Settings("mlp", 1), tmp_path)  # the holder itself may
    assert entries(tmp_path)[:2] == ["model.h5", "training"]
