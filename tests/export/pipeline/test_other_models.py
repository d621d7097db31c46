"""Models of other kinds through the whole export: what they decide, what is refused, what is said."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.errors import ModelError, ParityError, UnsupportedError
from export.manifest import Manifest, read_manifest
from export.pipeline.check import check
from export.pipeline.export_all import Request, export_all
from export.pipeline.reading import Reading
from export.targets import named_targets
from tests.export.reference.bars import CLASSES, SIDE, bars
from tests.often import often
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

pytestmark = pytest.mark.integration

PICTURES, LABELS = bars(900)
SEVERAL = np.stack([LABELS % 2, LABELS // 2, PICTURES.mean(axis=(1, 2, 3)) > 40], axis=1).astype(np.uint8)
VALUES = (PICTURES.mean(axis=(1, 2, 3)) / 7).astype(np.float32)


def trained(outputs: int, activation: str, loss: str, labels: Any, *between: keras.Layer) -> keras.Model:
    keras.utils.set_random_seed(0)
    body = [layers.Rescaling(1 / 255), *between, layers.Flatten(), layers.Dense(32, activation="relu")]
    model = keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), *body, layers.Dense(outputs, activation=activation)]
    )
    model.compile(keras.optimizers.Adam(3e-3), loss)
    model.fit(PICTURES, labels, epochs=15, verbose=0)
    return model


def exported(
    model: keras.Model, labels: Any, folder: Path, *targets: str, **options: Any
) -> tuple[Manifest, Path]:
    model.save(folder / "model.keras")
    np.savez(folder / "data.npz", x_train=PICTURES, y_train=labels, x_test=PICTURES[::3], y_test=labels[::3])
    request = Request(
        folder / "model.keras", str(folder / "data.npz"), folder / "out", named_targets(targets)
    )
    return export_all(replace(request, **options)), folder / "out"


def test_several_labels_for_each_picture(tmp_path: Path) -> None:
    model = trained(3, "sigmoid", "binary_crossentropy", SEVERAL)
    manifest, out = exported(model, SEVERAL, tmp_path, "tflite-float32", "tflite-int8")
    assert (manifest.model["gives"], manifest.model["task"]) == ("sigmoids", "several")
    right = (model.predict(PICTURES[::3], verbose=0) > 0.5) == SEVERAL[::3]
    assert manifest.reference["accuracy"] == pytest.approx(right.mean())
    assert [target["parity"]["passed"] for target in manifest.targets] == [True, True]
    assert check(out, str(tmp_path / "data.npz"))


def test_values_are_judged_by_their_difference(tmp_path: Path) -> None:
    model = trained(1, "linear", "mean_squared_error", VALUES)
    manifest, out = exported(model, VALUES, tmp_path, "tflite-float32", "tflite-int8")
    assert (manifest.model["gives"], manifest.reference["accuracy"]) == ("values", None)
    wrong = np.abs(model.predict(PICTURES[::3], verbose=0)[:, 0] - VALUES[::3]).mean()
    assert manifest.reference["mean_abs_error"] == pytest.approx(wrong, rel=1e-4)
    for target in manifest.targets:
        assert target["parity"]["passed"]
        assert target["parity"]["top1_agreement"] is None
        assert target["parity"]["mean_abs_error"] == pytest.approx(wrong, rel=0.1)
    assert "absolute error" in (out / "report.html").read_text()


def test_what_a_target_lacks_is_refused_and_the_others_are_built(tmp_path: Path) -> None:
    model = trained(
        CLASSES,
        "softmax",
        "sparse_categorical_crossentropy",
        LABELS,
        layers.GroupNormalization(1, name="norm_1"),
    )
    targets = ("tfjs-layers", "tflite-float32")
    with pytest.raises(
        UnsupportedError, match=r"tfjs-layers: .*GroupNormalization.*norm_1.*--skip-unsupported"
    ):
        exported(model, LABELS, tmp_path, *targets)
    manifest = read_manifest(tmp_path / "out")
    assert manifest.target_names == ["tflite-float32"]
    assert [entry["name"] for entry in manifest.unsupported] == ["tfjs-layers"]
    again, _ = exported(model, LABELS, tmp_path, *targets, skip_unsupported=True)
    assert again.unsupported == manifest.unsupported
    more = named_targets((*targets, "tflite-float16"))
    same = Request(tmp_path / "model.keras", str(tmp_path / "data.npz"), tmp_path / "out", more)
    manifest = export_all(replace(same, skip_unsupported=True))
    assert manifest.unsupported == again.unsupported  # which the run before hasn't left for done
    assert manifest.target_names == ["tflite-float16", "tflite-float32"]


def test_an_output_is_chosen_and_named_labels_are_kept(tmp_path: Path) -> None:
    inner = trained(CLASSES, "softmax", "sparse_categorical_crossentropy", LABELS)
    brightness = layers.GlobalAveragePooling2D(name="brightness")(inner.inputs[0])
    model = keras.Model(inner.inputs, [brightness, inner.outputs[0]])
    with pytest.raises(ModelError, match="name one of them with --output"):
        exported(model, LABELS, tmp_path, "tflite-float32")
    name = inner.layers[-1].name
    reading = Reading(output=name, labels=("e", "ne", "n", "nw"))
    manifest, out = exported(model, LABELS, tmp_path, "tflite-float32", reading=reading)
    assert (manifest.model["output"], manifest.model["labels"]) == (name, ["e", "ne", "n", "nw"])
    assert check(out, str(tmp_path / "data.npz"))  # which reads all that from the manifest


def test_a_wrong_number_of_names_is_refused(tmp_path: Path) -> None:
    model = trained(CLASSES, "softmax", "sparse_categorical_crossentropy", LABELS)
    with pytest.raises(ModelError, match=r"expected names for 4 classes, .*found 2"):
        exported(model, LABELS, tmp_path, "tflite-float32", reading=Reading(labels=("a", "b")))


def test_a_named_scale_that_is_wrong_never_passes_unsaid(tmp_path: Path) -> None:
    model = trained(CLASSES, "softmax", "sparse_categorical_crossentropy", LABELS)
    manifest, _ = exported(
        model, LABELS, tmp_path, "tflite-float32", reading=Reading(scale="0..1")
    )  # it has a Rescaling of its own
    assert manifest.reference["accuracy"] < 0.9
    assert "pixels of 0..1" in " ".join(manifest.model["notes"])


TASKS = {
    "classes": ("softmax", "sparse_categorical_crossentropy", CLASSES, LABELS),
    "several": ("sigmoid", "binary_crossentropy", 3, SEVERAL),
    "values": ("linear", "mean_squared_error", 2, np.stack([VALUES, -2 * VALUES], axis=1)),
}


@pytest.mark.parametrize("damage", often(["kernel", "classes", "scale"], lambda damage: damage == "classes"))
@pytest.mark.parametrize("task", often(TASKS, lambda task: task != "classes"))  # as those of MNIST are
def test_a_damaged_export_fails_whatever_the_task(
    task: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from export.pipeline import reference_model
    from export.reference.open_source import open_source

    def damaged(model: keras.Model, *others: Any) -> Any:
        copy = keras.models.clone_model(model)
        copy.set_weights(model.get_weights())
        dense = [layer for layer in copy.layers if isinstance(layer, layers.Dense)]
        if damage == "kernel":
            dense[0].kernel.assign(-np.asarray(dense[0].kernel))
        elif damage == "classes":
            dense[-1].set_weights([weight[..., ::-1] for weight in dense[-1].get_weights()])
        else:
            (scaled,) = (layer for layer in copy.layers if isinstance(layer, layers.Rescaling))
            scaled.scale = 1.0
        return open_source(copy, *others)

    monkeypatch.setattr(reference_model, "open_source", damaged)
    activation, loss, outputs, labels = TASKS[task]
    # Confident as this model is, 256 levels of a probability hide a missing scale.
    targets = ["tflite-float32", *(["tflite-int8"] if damage != "scale" else [])]
    with pytest.raises(ParityError, match=f"found {len(targets)} past it"):
        exported(trained(outputs, activation, loss, labels), labels, tmp_path, *targets)
