"""How long `export all` takes, proofs and page included, beside the bare commands that others would run.

    python -m tests.benchmarks.compare_export --model artifacts/model.h5 --rounds 3

The others: one process after the other, a SavedModel and ten conversions of it or of the model, as the
converters' own guides have it, and nothing is checked. In turns, so that a busy machine is busy for both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.bare_converter import bare_converter

PROJECT = Path(__file__).parents[2]
MOST_CLOCK = 0.5  # of the bare commands
MOST_PROCESSORS = 1.0

SAVED_MODEL = """
import sys, keras
model, out = sys.argv[1:]
keras.models.load_model(model).export(out)
"""

TFLITE = """
import sys, keras, numpy as np, tensorflow as tf
model, data, out, kind = sys.argv[1:]
converter = tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model(model))
if kind != "float32":
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
if kind == "float16":
    converter.target_spec.supported_types = [tf.float16]
if kind in ("int8", "integer-only", "int16x8"):
    images = np.load(data)["x_train"][:300].astype(np.float32)
    images = images if images.ndim == 4 else images[..., None]
    converter.representative_dataset = lambda: ([image[None]] for image in images)
    operations = "TFLITE_BUILTINS_INT8"
    if kind == "int16x8":
        operations = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
    converter.target_spec.supported_ops = [getattr(tf.lite.OpsSet, operations)]
if kind == "integer-only":
    converter.inference_input_type = converter.inference_output_type = tf.uint8
open(out, "wb").write(converter.convert())
"""


def ours(model: Path, data: Path, out: Path) -> None:
    """Ten copies, each proven on the whole test split in its runtimes, a report and the page."""
    arguments = ["--model", str(model), "--data", str(data), "--out", str(out), "--force"]
    run([sys.executable, "-m", "export", "all", *arguments])


def others(model: Path, data: Path, out: Path) -> None:
    """Ten files of which nobody knows whether they give the model's answers."""
    saved = out / "saved_model"
    run([sys.executable, "-c", SAVED_MODEL, str(model), str(saved)])
    converter = bare_converter()
    graph = [converter, "--input_format=tf_saved_model", "--output_format=tfjs_graph_model"]
    for name, options in {
        "graph": [],
        "graph-float16": ["--quantize_float16=*"],
        "graph-uint8": ["--quantize_uint8=*"],
    }.items():
        run([*graph, *options, str(saved), str(out / name)])
    run([converter, "--input_format=keras", str(model), str(out / "layers")])
    for kind in ("float32", "float16", "dynamic", "int8", "integer-only", "int16x8"):
        run([sys.executable, "-c", TFLITE, str(model), str(data), str(out / f"{kind}.tflite"), kind])
    made = [*out.glob("*/model.json"), *out.glob("*.tflite")]
    assert len(made) == 10, made


def run(command: list[str]) -> None:
    """Run a command; show what it says only if it fails."""
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)[:200]}\n{done.stderr}")


def measured(work: Callable[[Path, Path, Path], None], model: Path, data: Path) -> tuple[float, float]:
    """Seconds by the clock, and of all processors, that it takes into a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        clock, before = time.perf_counter(), os.times()
        work(model, data, Path(folder, "out" if work is ours else "."))
        after = os.times()
        busy = after.children_user + after.children_system - before.children_user - before.children_system
        return time.perf_counter() - clock, busy


def compare(model: Path, data: Path, count: int) -> None:
    """Print what each round takes, the medians and their ratio."""
    rounds = []
    for number in range(count):
        rounds.append((measured(ours, model, data), measured(others, model, data)))
        (our, our_busy), (their, their_busy) = rounds[-1]
        print(
            f"round {number + 1}: export all {our:.1f} s (processors {our_busy:.1f} s), "
            f"bare commands {their:.1f} s (processors {their_busy:.1f} s)",
            flush=True,
        )
    for what, at, most in (("clock", 0, MOST_CLOCK), ("processors", 1, MOST_PROCESSORS)):
        our, their = (statistics.median(row[side][at] for row in rounds) for side in (0, 1))
        ratio = our / their
        print(f"{what}: export all {our:.1f} s, bare commands {their:.1f} s, ratio {ratio:.2f}, bar {most}")


def main() -> None:
    """Compare them for a model of MNIST."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="a .h5")
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("MNIST_NPZ"), help="an .npz; $MNIST_NPZ by default"
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.data is None:
        parser.error("expected --data or $MNIST_NPZ")
    compare(options.model.resolve(), options.data.resolve(), options.rounds)


if __name__ == "__main__":
    main()
