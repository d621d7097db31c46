"""Model files: what is refused, in one line, without running anything in it."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from train.console.quiet import import_tensorflow, quiet
from train.errors import ModelError
from train.model_file.load import check_file
from train.model_file.model_file import load_model

import_tensorflow()
import keras  # noqa: E402  after its start-up messages


def save(model: keras.Model, path: Path) -> Path:
    with quiet():
        model.save(path)
    return path


def classifier(*layers: keras.Layer, shape: tuple[int, ...] = (28, 28, 1)) -> keras.Model:
    return keras.Sequential(
        [keras.Input(shape), *layers, keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_saved_model_is_loaded(tmp_path: Path, suffix: str) -> None:
    model = classifier()
    loaded = load_model(save(model, tmp_path / f"m{suffix}"))
    assert loaded.count_params() == model.count_params()


def test_a_missing_file(tmp_path: Path) -> None:
    assert "found no file" in refused(tmp_path / "none.h5")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "m.h5").touch()
    assert "empty" in refused(tmp_path / "m.h5")


def test_a_text(tmp_path: Path) -> None:
    (tmp_path / "m.h5").write_text("not a model\n" * 99)
    assert "damaged or other file" in refused(tmp_path / "m.h5")


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
@pytest.mark.parametrize("fraction", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_truncated_file(trained: Path, tmp_path: Path, suffix: str, fraction: float) -> None:
    whole = save(load_model(trained), tmp_path / f"whole{suffix}").read_bytes()
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole[: int(len(whole) * fraction)])
    assert "found a damaged or other file" in refused(path)


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_lambda_layer_is_refused_and_never_run(tmp_path: Path, suffix: str) -> None:
    mark = str(tmp_path / "ran")

    def leave_mark(x: Any) -> Any:
        Path(mark).touch()
        return x

    source = classifier(keras.layers.Lambda(leave_mark, output_shape=(28, 28, 1)))
    path = save(source, tmp_path / f"m{suffix}")
    source(np.zeros((1, 28, 28, 1), np.float32))
    Path(mark).unlink()  # run here, it leaves its mark
    assert "Lambda" in refused(path)
    assert not Path(mark).exists()


@keras.saving.register_keras_serializable(package="somebody")
class Doubling(keras.layers.Layer):
    def call(self, x: Any) -> Any:
        return 2 * x


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_custom_class_is_refused_even_where_it_is_known(tmp_path: Path, suffix: str) -> None:
    assert "Doubling" in refused(save(classifier(Doubling()), tmp_path / f"m{suffix}"))


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers(tmp_path: Path, suffix: str, value: float) -> None:
    model = classifier()
    kernel, bias = model.get_weights()
    kernel[3, 3] = value
    model.set_weights([kernel, bias])
    assert "NaN or infinity" in refused(save(model, tmp_path / f"m{suffix}"))


def test_a_link_out_of_the_file(trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(trained.read_bytes())
    with h5py.File(path, "a") as file:
        file["model_weights/elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    assert "link 'elsewhere'" in refused(path)


def test_a_claim_of_more_than_the_memory_holds(trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(trained.read_bytes())
    with h5py.File(path, "a") as file:
        file.create_dataset("model_weights/huge", shape=(10**6, 10**6), dtype="f4", chunks=(1000, 1000))
    assert "bytes up to /model_weights/huge" in refused(path)


def test_the_check_imports_no_tensorflow(trained: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from train.model_file.load import check_file;"
        f"check_file(Path({str(trained)!r})); sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
    check_file(trained)


MADE_OF_LAYERS = {
    "LSTM": lambda: keras.layers.LSTM(3),
    "GRU": lambda: keras.layers.Bidirectional(keras.layers.GRU(3, return_sequences=True)),
    "TimeDistributed": lambda: keras.layers.TimeDistributed(keras.layers.Dense(3)),
    "SpectralNormalization": lambda: keras.layers.SpectralNormalization(keras.layers.Dense(3)),
    "a model": lambda: keras.Sequential([keras.Input((28, 28)), keras.layers.LSTM(3), keras.layers.Dense(2)]),
}


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
@pytest.mark.parametrize("kind", MADE_OF_LAYERS)
def test_layers_made_of_layers_are_loaded(kind: str, suffix: str, tmp_path: Path) -> None:
    model = classifier(keras.layers.Reshape((28, 28)), MADE_OF_LAYERS[kind]())
    assert_same(model, load_model(save(model, tmp_path / f"m{suffix}")))


def test_attention_is_loaded(tmp_path: Path) -> None:
    start = keras.Input((28, 28))
    model = keras.Model(start, keras.layers.MultiHeadAttention(2, 4)(start, start)[:, 0] * 2.0 + 1.0)
    assert_same(model, load_model(save(model, tmp_path / "m.keras")))
    assert_same(model, load_model(save(model, tmp_path / "m.h5")))


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_model_inside_that_is_frozen_in_part_gets_its_own_weights(tmp_path: Path, suffix: str) -> None:
    layers = [keras.layers.Dense(4) for _ in range(3)]
    inner = keras.Sequential([keras.Input((28, 28)), *layers, keras.layers.BatchNormalization()])
    inner.set_weights([np.random.default_rng(0).uniform(0.1, 1, w.shape) for w in inner.get_weights()])
    layers[1].trainable = False
    model = classifier(keras.layers.Reshape((28, 28)), inner)
    assert_same(model, load_model(save(model, tmp_path / f"m{suffix}")))


def test_an_output_inside_a_model_inside_is_bounded(tmp_path: Path) -> None:
    layers = [keras.layers.UpSampling2D(200), keras.layers.MaxPooling2D(200)]
    inner = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    assert "layers of at most 4,000,000 numbers" in refused(save(classifier(inner), tmp_path / "m.keras"))


def test_a_fixed_batch_does_not_count_as_size(tmp_path: Path) -> None:
    layers = [keras.Input(batch_shape=(500, 100, 100, 1)), keras.layers.Flatten(), keras.layers.Dense(2)]
    load_model(save(keras.Sequential(layers), tmp_path / "m.keras"))


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_any_name_is_loaded(tmp_path: Path, suffix: str) -> None:
    model = classifier(keras.layers.Dense(3, name="ä b:c 中"), keras.layers.Dense(3, name="<x>"))
    loaded = load_model(save(model, tmp_path / f"m{suffix}"))
    pictures = np.ones((1, 28, 28, 1))
    assert loaded.predict(pictures, verbose=0) == pytest.approx(np.asarray(model(pictures)), abs=1e-6)


def test_the_reason_of_keras_is_quoted_without_its_surroundings(tmp_path: Path) -> None:
    path = save(classifier(keras.layers.Dense(3, name="inner")), tmp_path / "m.h5")
    with h5py.File(path, "a") as file:
        config = json.loads(file.attrs["model_config"])
        config["config"]["layers"][1]["config"]["gone"] = 1
        file.attrs["model_config"] = json.dumps(config)
    message = refused(path)
    assert "it could not (Unrecognized keyword arguments passed to Dense: {'gone': 1})" in message
    assert len(message) < 400


def assert_same(model: keras.Model, loaded: keras.Model) -> None:
    pictures = np.random.default_rng(1).uniform(0, 1, (2, *model.input_shape[1:]))
    expected, found = model.predict(pictures, verbose=0), loaded.predict(pictures, verbose=0)
    assert found == pytest.approx(expected, abs=1e-6)
