"""How long `export all` takes for MobileNetV2, proofs and page included, beside the bare converters.

    python -m tests.benchmarks.compare_mobile --rounds 1

The network takes 96x96x3 pixels of -1..1 and has random weights; what it predicts for 1,000 pictures counts
as right. Then each target alone, by its conversion and its proof, and the memory that all processes hold.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from export.parity.prove import prove
from export.pipeline.reading import Reading
from export.pipeline.reference_model import ReferenceModel
from export.site.build import build_runtime, is_graph_model
from export.targets import all_targets
from tests.benchmarks.compare_export import compare
from tests.benchmarks.measure_large_model import exported
from tests.zoo.mobile import photographs, spread
from tests.zoo.pictures import around_zero
from train.console.quiet import import_tensorflow
from train.data.dataset import locate_dataset
from train.model_file.model_file import ModelFile

SIDE, PICTURES = 96, 1000


def write(folder: Path) -> tuple[Path, Path]:
    """Write the model and its pictures; return their files."""
    import keras

    network = spread(keras.applications.MobileNetV2, around_zero, SIDE)
    pictures = photographs(SIDE, PICTURES)
    labels = [
        network.predict(around_zero(some), verbose=0).argmax(axis=1)
        for some in (pictures.x_train, pictures.x_test)
    ]
    model, data = folder / "mobile.h5", folder / "mobile.npz"
    network.save(model)
    arrays: dict[str, Any] = {"x_train": pictures.x_train, "x_test": pictures.x_test}
    np.savez(data, y_train=labels[0], y_test=labels[1], **arrays)
    return model, data


def print_by_target(model: Path, data: Path, folder: Path) -> None:
    """Print how long each target takes to convert and to prove, one after the other."""
    reference = ReferenceModel(ModelFile.take(model, folder), locate_dataset(str(data)), folder, Reading())
    reference.read_all()
    reference.evidence.rounding()
    for target in all_targets():
        artifact = folder / target.path
        start = time.perf_counter()
        target.convert(reference.source, artifact)
        converted = time.perf_counter()
        runtime = build_runtime(folder / "page", [artifact]) if is_graph_model(target) else folder
        built = time.perf_counter()
        prove(target, artifact, reference.evidence, runtime)
        spent = time.perf_counter() - built
        print(f"{target.name}: conversion {converted - start:.1f} s, proof {spent:.1f} s", flush=True)


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    import_tensorflow()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model, data = write(folder)
        compare(model, data, options.rounds)
        status, seconds, peak = exported(model, folder / "out", str(data))
        print(
            f"export all: status {status}, {seconds:.0f} s, at most {peak / 1e9:.2f} GB at once", flush=True
        )
        print_by_target(model, data, folder)


if __name__ == "__main__":
    main()
