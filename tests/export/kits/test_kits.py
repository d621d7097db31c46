"""The command, and how kits go with the rest of an output folder."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from export.cli import cli
from export.errors import DataError, IntegrityError, KitError, UnfitError
from export.kits import all_kits, named_kits
from export.kits._model import KitModel
from export.kits._render import render_kit
from export.kits._write import write_kit
from export.manifest import read_manifest, verify
from export.pipeline.export_all import Request, export_all
from export.pipeline.write_kits import write_kits
from export.targets import named_targets
from tests.export.kits.conftest import READING_OF_VALUES
from train.contract import InputContract
from train.drawing.resize import fit

PYTHON = named_kits(["python"])


def test_every_file_with_a_kit_is_found() -> None:
    folder = Path(__file__).parents[3] / "export/kits"
    names = {path.stem.replace("_", "-") for path in folder.glob("[a-z]*.py")}
    assert {kit.name for kit in all_kits()} == names
    assert {path.name for path in (folder / "templates").iterdir()} == {*names, "shared"}


def test_the_command_writes_kits_names_them_and_verify_covers_them(copy: Path, pen_npz: Path) -> None:
    arguments = ["kit", "--platform", "python", "--data", str(pen_npz), "--out", str(copy)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert "Python: ran (ai-edge-litert" in done.output
    (entry,) = json.loads((copy / "manifest.json").read_bytes())["kits"]
    assert (entry["name"], entry["done"], entry["max_abs_diff"]) == ("python", "ran", 0.0)
    for report in ("report.html", "report.md"):
        text = (copy / report).read_text()
        assert "Kits for apps" in text
        assert "ai-edge-litert" in text
    assert verify(copy) == len(list(read_manifest(copy).records()))
    (copy / "kit/python/classifier.py").write_text("another")
    with pytest.raises(IntegrityError, match=r"classifier\.py"):
        verify(copy)
    (copy / "kit/python/more.py").write_text("")
    with pytest.raises(IntegrityError, match=r"more\.py"):
        verify(copy)


def test_an_unknown_platform_is_a_wrong_command_line(copy: Path) -> None:
    done = CliRunner().invoke(cli, ["kit", "--platform", "amiga", "--out", str(copy)])
    assert done.exit_code == 2
    assert "found amiga" in done.output


def test_kits_hold_until_the_model_changes(
    values_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(shutil.copytree(values_out, tmp_path / "artifacts"))
    data = str(values_out.parent / "colours.npz")
    targets = named_targets(read_manifest(out).target_names)
    request = Request(out / "model.keras", data, out, targets, reading=READING_OF_VALUES)
    write_kits(PYTHON, out, data)
    written = read_manifest(out).kits
    export_all(request)
    assert "nothing to do" in capsys.readouterr().out
    assert read_manifest(out).kits == written
    model = keras.models.load_model(out / "model.keras")
    weights = model.get_weights()
    model.set_weights([weights[0] * np.float32(1.001), *weights[1:]])
    model.save(tmp_path / "other.keras")
    export_all(replace(request, model=tmp_path / "other.keras"))
    assert "write them again with python -m export kit" in capsys.readouterr().err
    assert not (out / "kit").exists()
    assert read_manifest(out).kits == []
    assert "Kits for apps" not in (out / "report.html").read_text()
    verify(out)


def test_the_same_model_gives_the_same_kit(copy: Path, pen_npz: Path) -> None:
    def contents() -> dict[str, bytes]:
        write_kits(PYTHON, copy, str(pen_npz))
        return {str(path): path.read_bytes() for path in (copy / "kit").rglob("*") if path.is_file()}

    assert contents() == contents()


def test_other_data_and_damaged_files_are_refused_and_nothing_is_written(
    copy: Path, pen_npz: Path, colours_out: Path
) -> None:
    with pytest.raises(DataError, match="expected the dataset"):
        write_kits(PYTHON, copy, str(colours_out.parent / "colours.npz"))
    with (copy / "tflite/int8.tflite").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(IntegrityError, match=r"int8\.tflite"):
        write_kits(PYTHON, copy, str(pen_npz))
    assert not (copy / "kit").exists()


def test_a_model_without_the_files_of_a_kit_is_refused(drawings_model: KitModel, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"expected one of tflite-int8.* for Python, found none"):
        write_kit(PYTHON[0], drawings_model.only(()), tmp_path)


def test_a_kit_whose_self_test_fails_is_refused(drawings_model: KitModel, tmp_path: Path) -> None:
    wrong = {name: numbers[::-1] for name, numbers in drawings_model.outputs.items()}
    with pytest.raises(KitError, match=r"expected the Python kit to pass its self-test, found: expected"):
        write_kit(PYTHON[0], replace(drawings_model, outputs=wrong), tmp_path)


@pytest.mark.parametrize("shape", [(24, 32, 3), (7, 5, 1), (33, 9, 3)])
def test_pictures_are_fitted_as_keras_does_it(shape: tuple[int, int, int]) -> None:
    contract = InputContract.scaled_to(shape, 3)
    picture = np.random.default_rng(3).integers(0, 256, (41, 30, 3), np.uint8)
    given = picture if shape[2] == 3 else fit_grey(picture)
    expected = keras.preprocessing.image.smart_resize(given.astype(np.float64), shape[:2])
    assert np.abs(fit(picture, contract) - np.asarray(expected)).max() <= 0.501


def fit_grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from PIL import Image

    return np.asarray(Image.fromarray(picture).convert("L"))[..., None]


def test_a_template_without_a_value_fails(tmp_path: Path) -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render_kit("python", {}, tmp_path, readme=False)


@pytest.mark.slow  # as by each kit's own tests
def test_every_kit_is_written_for_every_kind_of_model(
    kit_of: Callable[[str], Path], colour_kit_of: Callable[[str], Path], values_kit_of: Callable[[str], Path]
) -> None:
    for write in (kit_of, colour_kit_of):
        for kit in all_kits():
            assert (write(kit.name) / "README.md").is_file()
    unfit = set()
    for kit in all_kits():
        try:
            assert (values_kit_of(kit.name) / "README.md").is_file()
        except UnfitError:
            unfit.add(kit.name)
    assert unfit == {"micro"}  # of floats


def test_a_platform_that_can_run_no_file_is_left_out_and_named(
    values_out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shutil.copytree(values_out, tmp_path / "artifacts")
    data = str(values_out.parent / "colours.npz")
    entries = write_kits(named_kits(["python", "micro"]), out, data)
    assert [entry["name"] for entry in entries] == ["python"]
    assert "for Microcontrollers (TFLM), found" in capsys.readouterr().err
    with pytest.raises(UnfitError, match="--platform"):
        write_kits(named_kits(["micro"]), out, data)
    verify(out)
