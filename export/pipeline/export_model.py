"""Export from Python: a live Keras model and arrays in, proven artifacts out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

    from export.manifest import Manifest


def export_model(
    model: keras.Model | str | os.PathLike[str],
    train: tuple[Any, Any] | None = None,
    test: tuple[Any, Any] | None = None,
    *,
    data: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] = "artifacts",
    targets: Sequence[str] = (),
    scale: str = "auto",
    labels: Sequence[str] | None = None,
    output: str | None = None,
    name: str | None = None,
    author: str | None = None,
    license: str | None = None,  # noqa: A002
    skip_unsupported: bool = False,
) -> Manifest:
    """Convert a model to TensorFlow.js and TFLite and prove that every exported model agrees with it.

    It does what `python -m export all` does:

        (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
        export_model(model, (x_train, y_train), (x_test, y_test))

    Layers of the caller's own are run as they are. In a notebook, the report is displayed.

    Args:
        model: A Keras model of one input, pictures, or the path of a `.h5` or `.keras`.
        train: Pictures and labels that it was trained on: they calibrate quantizers, and the scale of the
            pixels is found with them. Pictures have the shape (n, rows, columns[, channels]) or (n, pixels),
            grey levels 0..255, or floats in 0..1 or -1..1; labels are class numbers, names, one-hot rows,
            rows of several classes, or values to predict.
        test: Pictures and labels that exported models are compared on; a part of `train` where it is None.
        data: Instead of both, what `--data` takes: the path of an `.npz` or of a folder of pictures by class,
            or `noise`.
        out: The output folder.
        targets: Names of the targets to build; none for all.
        scale: The scale of the pixels that the model was trained on: `0..255`, `0..1`, `-1..1`,
            `imagenet-torch`, `imagenet-caffe`, mean and standard deviation of grey levels as in `33.3/78.6`,
            or `auto` to find it.
        labels: Names of the classes, in the order of the model's outputs.
        output: Name of the output to export, of a model that has several.
        name: What exported files call the model; None for a name after the data.
        author: Who trained it, as exported files say.
        license: Under which it may be used, as exported files say.
        skip_unsupported: Leave out targets that lack what the model needs, without an error.

    Returns:
        The manifest, as written to `manifest.json`.

    Raises:
        ParityError: If an exported model differs by more than its budget; everything is written first.
        UnsupportedError: If a target lacks what the model needs; the others are written first.
        InkproofError: If it can't be done, see `export.errors`.
    """
    from export.pipeline.export_all import Request, export_all
    from export.pipeline.notebook import display_report
    from export.pipeline.reading import Origin, Reading
    from export.targets import named_targets
    from train.console.quiet import import_tensorflow
    from train.data.from_arrays import ArrayData

    import_tensorflow()
    arrays = None if data is not None or (train is None and test is None) else ArrayData(train, test)
    request = Request(
        Path(model) if isinstance(model, str | os.PathLike) else model,
        arrays or (None if data is None else os.fspath(data)),
        Path(out),
        named_targets(targets),
        reading=Reading(
            scale, output, None if labels is None else tuple(labels), Origin(name, author, license)
        ),
        skip_unsupported=skip_unsupported,
    )
    manifest = export_all(request)
    display_report(Path(out))
    return manifest
