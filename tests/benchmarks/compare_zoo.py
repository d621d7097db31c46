"""What the bare converters make of the models that people have, beside what `export all` makes of them.

    python -m tests.benchmarks.compare_zoo

The others, each a command of its own as its guide has it: `tensorflowjs_converter` on the user's file, and on
the SavedModel that Keras exports; `tf.lite.TFLiteConverter` alone. What converts is run in its users'
runtime, one picture after the other. A cell says whether it converts and loads, and otherwise how often its
prediction is the model's own, and how far off it is: fed as the model's author feeds it, and, where that
isn't the same, fed raw pixels, as by an app that knows the shape alone. The table is Markdown.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from export.runtimes import node
from tests.benchmarks.bare_converter import bare_converter
from tests.zoo.authors import Author, Saved
from tests.zoo.inputs import INPUTS
from tests.zoo.layers import LAYERS
from tests.zoo.mobile import MOBILE
from tests.zoo.old_files import OLD_FILES
from tests.zoo.outputs import OUTPUTS
from tests.zoo.pictures import Array
from tests.zoo.scales import SCALES
from tests.zoo.topologies import PRECISIONS, TOPOLOGIES
from tests.zoo.zoo import Case, export

TELLING = {
    **{name: INPUTS[name] for name in ("one row, divided", "channels first", "LSTM")},
    **{name: SCALES[name] for name in ("0..1 in an h5", "-1..1")},
    **{name: OUTPUTS[name] for name in ("logits", "one sigmoid")},
    **{name: TOPOLOGIES[name] for name in ("augmentation, nested, h5", "transfer learning", "x / 255")},
    **{name: LAYERS[name] for name in ("hard-swish", "gelu")},
    "mixed_float16": PRECISIONS["mixed_float16"],
    "Keras 2, Teachable Machine": OLD_FILES["Keras 2, Teachable Machine"],
    "MobileNetV3Small": MOBILE["MobileNetV3Small"],
}
COLUMNS = "model", "tfjs layers", "tfjs graph", "TFLite float32", "TFLite int8", "inkproof, ten targets"
PICTURES = 60
SCRIPT = Path(__file__).with_name("run_bare.mjs")

SAVED_MODEL = "import sys, keras; keras.models.load_model(sys.argv[1]).export(sys.argv[2])"
TFLITE = """
import sys, keras, numpy as np, tensorflow as tf
model, inputs, out = sys.argv[1:]
converter = tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(model))
if "int8" in out:
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([x[None]] for x in np.load(inputs)[:100])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
open(out, "wb").write(converter.convert())
"""
LITERT = """
import sys, numpy as np
from ai_edge_litert.interpreter import Interpreter
artifact, inputs, out = sys.argv[1:]
interpreter = Interpreter(artifact, num_threads=1)
interpreter.allocate_tensors()
given, predicted = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
found = []
for x in np.fromfile(inputs, np.float32).reshape(-1, *interpreter.get_input_details()[0]["shape"]):
    interpreter.set_tensor(given, x)
    interpreter.invoke()
    found.append(interpreter.get_tensor(predicted))
np.concatenate(found).astype(np.float32).tofile(out)
"""


@dataclass(frozen=True)
class Route:
    """How people get from a file to a model for a phone or a page.

    Attributes:
        column: Of the table.
        commands: What they run, one after the other.
        artifact: What comes of it: a `.tflite`, or the folder of a `model.json`.
    """

    column: str
    commands: tuple[list[str], ...]
    artifact: Path

    def converts(self) -> bool:
        """Whether every command ends well, and leaves something."""
        return all(succeeds(command) for command in self.commands) and self.artifact.exists()

    def run(self, inputs: Array, folder: Path) -> Array | None:
        """What the artifact gives for inputs, shape (n, ...); None if it doesn't load or run."""
        given, result = folder / "inputs.f32", folder / "result.f32"
        result.unlink(missing_ok=True)
        inputs.astype("<f4").tofile(given)
        command = [sys.executable, "-c", LITERT, str(self.artifact), str(given), str(result)]
        if self.artifact.is_dir():
            shape = ",".join(map(str, inputs.shape[1:]))
            arguments = [str(self.artifact), str(given), shape, str(result), str(node.WEB)]
            command = [node.node(), str(SCRIPT), *arguments]
        return np.fromfile(result, "<f4").reshape(len(inputs), -1) if succeeds(command) else None


def routes(model: Path, calibration: Path, folder: Path) -> Iterator[Route]:
    """The usual ones, in the order of the columns."""
    layers, graph, saved = folder / "layers", folder / "graph", folder / "saved"
    form = "keras" if model.suffix == ".h5" else "keras_keras"
    forms = [f"--input_format={form}", "--output_format=tfjs_layers_model"]
    yield Route(COLUMNS[1], ([bare_converter(), *forms, str(model), str(layers)],), layers)
    exporting = [sys.executable, "-c", SAVED_MODEL, str(model), str(saved)]
    to_graph = [bare_converter(), "--input_format=tf_saved_model", str(saved), str(graph)]
    yield Route(COLUMNS[2], (exporting, to_graph), graph)
    for column, kind in ((COLUMNS[3], "float32"), (COLUMNS[4], "int8")):
        artifact = folder / f"{kind}.tflite"
        command = [sys.executable, "-c", TFLITE, str(model), str(calibration), str(artifact)]
        yield Route(column, (command,), artifact)


def succeeds(command: list[str]) -> bool:
    """Run a command; whether it ends with status 0. Its last error goes to stderr otherwise."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "Error: " in line] or ["no reason given"]
        print(f"  {lines[-1][:200]}", file=sys.stderr)
    return not done.returncode


def cell(route: Route, author: Author, saved: Saved, folder: Path) -> str:
    """What comes of a route."""
    if not route.converts():
        return "doesn't convert"
    raw = author.pictures().x_test[:PICTURES]
    fed, unfed = author.feed(raw), raw.astype(np.float32).reshape(author.feed(raw).shape)
    expected = saved.predict(raw)
    found = route.run(fed, folder)
    if found is None:
        return "doesn't load"
    shown = compared(author.read(found), expected)
    if np.allclose(fed, unfed):
        return shown
    found = route.run(unfed, folder)
    return shown if found is None else f"{shown}; raw pixels: {compared(author.read(found), expected)}"


def compared(found: Array, expected: Array) -> str:
    """How often predictions are the same, and how far off they are."""
    same = (found.argmax(axis=1) == expected.argmax(axis=1)).mean()
    return f"{same:.0%}, {np.abs(found - expected).max():.0e}"


def ours(case: Case, saved: Saved, folder: Path) -> str:
    """How many targets pass, on raw pixels, and how many are refused."""
    with contextlib.redirect_stdout(sys.stderr):  # its progress isn't the table's
        outcome = export(case, saved, folder)
    passed = sum(artifact.parity.passed for artifact in outcome.artifacts)
    failed, refused = len(outcome.artifacts) - passed, len(outcome.unsupported)
    numbers = {"agree": passed, "refused": refused, "fail": failed}
    return ", ".join(f"{number} {what}" for what, number in numbers.items() if number)


def main() -> None:
    """Print a line for each model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="some of the models; all of them if there is none")
    names = parser.parse_args().names or TELLING
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}", flush=True)
    for name in names:
        case, author = TELLING[name], TELLING[name].author
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            saved = author.save(folder)
            calibration = folder / "calibration.npy"
            np.save(calibration, author.feed(author.pictures().x_train[:100]).astype(np.float32))
            print(name, file=sys.stderr)
            cells = [cell(route, author, saved, folder) for route in routes(saved.path, calibration, folder)]
            print(f"| {' | '.join([name, *cells, ours(case, saved, folder)])} |", flush=True)


if __name__ == "__main__":
    main()
