"""What the bare converters make of a model, beside what `export all` made of the same model.

    python -m tests.benchmarks.compare_converters --out artifacts

Each route is one command as the converters' own guides have it. None of them checks its result. Here each
result is run on the whole test split, in the runtime that its users have, and compared with the Keras model.
The table is Markdown.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.errors import RunError
from export.target import Target
from export.targets import all_targets
from export.types import Labels, Probabilities
from tests.benchmarks.bare_converter import bare_converter
from tests.benchmarks.compare_export import SAVED_MODEL, TFLITE, run
from train.data.dataset import Split, open_dataset
from train.model_file.model_file import load_model

KERAS_FILE = "import sys, keras; keras.models.load_model(sys.argv[1]).save(sys.argv[2])"
TFLITE_KINDS = ("float32", "float16", "dynamic", "int8", "integer-only", "int16x8")
FIGURES = "bytes", "accuracy", "agreement", "max diff"
COLUMNS = "bare route", "converts", "loads", *FIGURES, "inkproof"


@dataclass(frozen=True)
class Route:
    """One way from the model to an artifact.

    Attributes:
        name: What is converted to what, and by which option.
        target: The target that `export all` builds of the same kind.
        command: Writes the artifact.
        artifact: A `.tflite`, or the folder of a `model.json`.
    """

    name: str
    target: str
    command: list[str]
    artifact: Path


def routes(model: Path, data: Path, folder: Path) -> Iterator[Route]:
    """Every route from the `.h5`; what some of them start from is written into `folder` first."""
    saved, keras_file = folder / "saved_model", folder / "model.keras"
    run([sys.executable, "-c", SAVED_MODEL, str(model), str(saved)])
    run([sys.executable, "-c", KERAS_FILE, str(model), str(keras_file)])
    to_layers, to_graph = "--output_format=tfjs_layers_model", "--output_format=tfjs_graph_model"
    from_saved = ["--input_format=tf_saved_model", to_graph]
    for name, target, options, source in (
        (".h5 to layers", "tfjs-layers", ["--input_format=keras", to_layers], model),
        (".keras to layers", "tfjs-layers", ["--input_format=keras_keras", to_layers], keras_file),
        (".h5 to graph", "tfjs-graph", ["--input_format=keras", to_graph], model),
        (".keras to graph", "tfjs-graph", ["--input_format=keras_keras", to_graph], keras_file),
        ("SavedModel to layers", "tfjs-layers", ["--input_format=keras_saved_model", to_layers], saved),
        ("SavedModel to graph", "tfjs-graph", from_saved, saved),
        ("the same, float16", "tfjs-graph-float16", [*from_saved, "--quantize_float16=*"], saved),
        ("the same, uint8", "tfjs-graph-uint8", [*from_saved, "--quantize_uint8=*"], saved),
    ):
        artifact = folder / name.replace(" ", "-").lstrip(".")
        yield Route(name, target, [bare_converter(), *options, str(source), str(artifact)], artifact)
    for kind in TFLITE_KINDS:
        artifact = folder / f"{kind}.tflite"
        command = [sys.executable, "-c", TFLITE, str(model), str(data), str(artifact), kind]
        yield Route(f"TFLite, {kind}", f"tflite-{kind}", command, artifact)


def complaint_of(command: list[str]) -> str:
    """Run a command; return the last line of its stderr if it fails, nothing if it succeeds."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip().splitlines() or ["no reason given"])[-1] if done.returncode else ""


def outcome(route: Route, target: Target, test: Split, reference: Probabilities) -> dict[str, str]:
    """What came of a route, by column; the reasons of failures go to stderr."""
    complaint = complaint_of(route.command)
    if complaint or not route.artifact.exists():
        print(f"{route.name}: {complaint or 'no file was written'}", file=sys.stderr)
        return {"converts": "no"}
    try:
        found = target.engines[0].run(route.artifact, test.images, Path())
    except RunError as error:
        print(f"{route.name}: {error}", file=sys.stderr)
        return {"converts": "yes", "loads": "no"}
    files = [route.artifact] if route.artifact.is_file() else list(route.artifact.iterdir())
    size = sum(file.stat().st_size for file in files)
    return {"converts": "yes", "loads": "yes"} | shown(size, compared(reference, found, test.labels))


def compared(reference: Probabilities, found: Probabilities, labels: Labels) -> dict[str, float]:
    """How an artifact's probabilities compare with the Keras model's, under the names of the manifest."""
    return {
        "accuracy": float((found.argmax(axis=1) == labels).mean()),
        "top1_agreement": float((found.argmax(axis=1) == reference.argmax(axis=1)).mean()),
        "max_abs_diff": float(np.abs(found - reference).max()),
    }


def shown(size: int, parity: Mapping[str, float]) -> dict[str, str]:
    """The figures of an artifact as text, by column."""
    return {
        "bytes": f"{size:,}",
        "accuracy": f"{parity['accuracy']:.2%}",
        "agreement": f"{parity['top1_agreement']:.2%}",
        "max diff": f"{parity['max_abs_diff']:.2g}",
    }


def print_row(cells: Mapping[str, str]) -> None:
    """One line of the table."""
    print(f"| {' | '.join(cells.get(column, '') for column in COLUMNS)} |", flush=True)


def main() -> None:
    """Print a line for each route; its last cell has the figures of the target of the same kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="what `export all` left")
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("MNIST_NPZ"), help="an .npz; $MNIST_NPZ by default"
    )
    options = parser.parse_args()
    if options.data is None:
        parser.error("expected --data or $MNIST_NPZ")
    manifest = json.loads((options.out / "manifest.json").read_bytes())
    model = options.out / manifest["model"]["path"]
    test = open_dataset(options.data).test
    reference = load_model(model).predict(test.images.astype(np.float32), batch_size=500, verbose=0)
    targets = {target.name: target for target in all_targets()}
    built = {entry["name"]: entry for entry in manifest["targets"]}
    print_row({column: column for column in COLUMNS})
    print_row(dict.fromkeys(COLUMNS, "---"))
    with tempfile.TemporaryDirectory() as folder:
        for route in routes(model.resolve(), options.data.resolve(), Path(folder)):
            entry = built[route.target]
            ours = shown(entry["bytes"], entry["parity"])
            found = outcome(route, targets[route.target], test, reference)
            print_row({"bare route": route.name, **found, "inkproof": ", ".join(ours.values())})


if __name__ == "__main__":
    main()
