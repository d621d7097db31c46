"""What is replaced while it is exported: the files that were judged are those that are proven and kept."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import keras
import numpy as np
import pytest

from export.errors import DataError, InkproofError, OutputError
from export.manifest import verify
from export.pipeline.export_all import Request, export_all
from export.pipeline.reading import Reading
from export.runtimes import litert
from export.runtimes.node import install_packages
from export.targets import named_targets

pytestmark = pytest.mark.integration
PIXELS = (6, 6)


def model(path: Path, seed: int) -> Path:
    keras.utils.set_random_seed(seed)
    keras.Sequential(
        [keras.Input((*PIXELS, 1)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    ).save(path)
    return path


def data(path: Path, seed: int) -> Path:
    pictures = np.random.default_rng(seed).integers(0, 256, (60, *PIXELS)).astype(np.uint8)
    labels = np.arange(60, dtype=np.uint8) % 3
    np.savez(path, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    return path


@pytest.fixture
def request_of(tmp_path: Path) -> Request:
    reading = replace(Reading(), scale="0..255")
    targets = named_targets(["tflite-float32"])
    given, pictures = model(tmp_path / "mine.h5", 1), data(tmp_path / "data.npz", 1)
    return Request(given, str(pictures), tmp_path / "out", targets, reading=reading)


def once_judged(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Act when the inputs were judged and nothing of them is loaded."""

    def install() -> None:
        act()
        install_packages()

    monkeypatch.setattr("export.pipeline.export_all.install_packages", install)


def test_a_model_that_is_replaced_is_exported_as_it_was(
    request_of: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, other = tmp_path / "mine.h5", model(tmp_path / "other.h5", 2)
    content, reference = given.read_bytes(), keras.models.load_model(given)
    once_judged(monkeypatch, lambda: other.replace(given))
    manifest = export_all(request_of)
    out = request_of.out
    assert (out / "model.h5").read_bytes() == content
    assert manifest.model["sha256"] == sha256(content).hexdigest()
    pictures = np.load(tmp_path / "data.npz")["x_test"][..., None]
    found = litert.run(out / "tflite/float32.tflite", pictures, tmp_path)
    np.testing.assert_allclose(found, reference.predict(pictures.astype(np.float32), verbose=0), atol=1e-5)
    assert verify(out)


def test_a_model_that_is_replaced_in_the_output_folder_is_not_overwritten(
    request_of: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_of.out.mkdir()
    home, other = request_of.out / "model.h5", model(tmp_path / "other.h5", 2)
    shutil.copyfile(tmp_path / "mine.h5", home)
    content = other.read_bytes()
    once_judged(monkeypatch, lambda: other.replace(home))
    with pytest.raises(OutputError, match="found that it was replaced: run the command again"):
        export_all(replace(request_of, model=None))
    assert [path.name for path in request_of.out.iterdir()] == ["model.h5"]
    assert home.read_bytes() == content


def test_data_that_are_replaced_are_refused(
    request_of: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = data(tmp_path / "other.npz", 2)
    once_judged(monkeypatch, lambda: other.replace(tmp_path / "data.npz"))
    with pytest.raises(DataError, match="found that it was changed: run the command again"):
        export_all(request_of)
    assert not request_of.out.exists()


def test_errors_name_the_file_that_was_given(request_of: Request, tmp_path: Path) -> None:
    (tmp_path / "mine.h5").write_bytes(b"no model")
    with pytest.raises(InkproofError) as caught:
        export_all(request_of)
    assert str(tmp_path / "mine.h5") in str(caught.value)
    assert str(request_of.out) not in str(caught.value)
