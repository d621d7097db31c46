"""Build the page: its runtime first, cut to the models' operations, then all around the proven models."""

import base64
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.manifest import Manifest
from export.parity.evidence import Evidence
from export.parity.results import Artifact
from export.reference.tasks import Task
from export.runtimes.node import run_script
from export.runtimes.tfjs import GRAPH
from export.target import Target
from export.targets import _budgets
from export.types import Images
from train.evaluation.calibration import CONFIDENT
from train.output.move import move

FOLDER = "web"
REMEDY = "use layers that TensorFlow.js supports"
FACTS = "site.json"
# What the page shows of an exported model's outputs.
OUTPUTS = {Task.CLASSES: "softmax", Task.SEVERAL: "sigmoids", Task.VALUES: "values"}
CHANNELS = (1, 3)  # grey, or red, green and blue: what a page can make of a drawing or a picture
# What the page checks itself with at the start, which nobody should wait for: as many pictures of MNIST's
# size or of 96 x 96 pixels in colour, three of 224 x 224 in colour.
MOST_CHECKED, MOST_CHECKED_BYTES = 10, 500_000
PATTERNS_OF_FACTS = [f"{FOLDER}/{name}" for name in ("site-*.json", "models/*.json", "models/*.bin")]


def build_runtime(folder: Path, models: Iterable[Path]) -> Path:
    """Bundle into `folder` what runs the models, on the backend that suits them, and no more than they need.

    Args:
        folder: Where the page goes, made if it is missing.
        models: Folders of graph models, with a `model.json` each: variants of one model.

    Returns:
        Path of the runtime file, which the page loads and parity is measured with.

    Raises:
        ConversionError: If the bundler fails, as it does for an operation that TF.js lacks.
    """
    models = list(models)
    backend = run_script(
        ["build/backend.mjs", *(str(model.absolute()) for model in models)],
        purpose="web/build/backend.mjs to choose what the page runs the model on",
        remedy=REMEDY,
    ).strip()
    with tempfile.TemporaryDirectory() as temporary:
        operations = [] if backend == "plain" else [str(_list_operations(models, Path(temporary)))]
        run_script(
            ["build/runtime.mjs", str(folder.absolute()), backend, *operations],
            purpose="web/build/runtime.mjs to bundle the page's runtime",
            remedy=REMEDY,
        )
    runtime = runtime_file(folder)
    assert runtime is not None
    return runtime


def runtime_file(folder: Path) -> Path | None:
    """The runtime that the page in `folder` loads, or None where there is no page."""
    return next(folder.glob("runtime-*.js"), None)


def is_graph_model(target: Target) -> bool:
    """Whether the page could run this target."""
    return target.engines is GRAPH


def models_for_page(artifacts: Sequence[Artifact]) -> list[Artifact]:
    """The artifacts within their budgets that the page could run; it starts with the first, the smallest."""
    passed = [a for a in artifacts if is_graph_model(a.target) and a.parity.passed]
    return sorted(passed, key=lambda artifact: artifact.bytes)


def write_facts(
    folder: Path, output: Path, artifacts: Sequence[Artifact], manifest: Manifest, evidence: Evidence
) -> None:
    """Write what the page is built from: its models, and `site.json`, all that it states about them.

    Args:
        folder: The page's folder, with its runtime from `build_runtime`.
        output: The output folder, in which the artifacts lie.
        artifacts: The models, from `models_for_page`.
        manifest: Contract, dataset and reference come from it into `site.json`, the page's only source.
        evidence: The images that the page checks itself with come from it.

    Raises:
        RunError: If a model can't be run any more.
    """
    runtime = runtime_file(folder)
    assert runtime is not None
    pictures = evidence.images[least_confident(evidence)]
    with ThreadPoolExecutor() as pool:
        variants = list(
            pool.map(lambda one: _add_variant(folder, output, one, manifest, pictures, runtime), artifacts)
        )
    known_from = manifest.reference["known_from"]
    within = _budgets.FLOAT32.max_abs_diff
    assert within is not None
    site = {
        "contract": manifest.contract,
        "output": {
            "kind": OUTPUTS[Task(manifest.model["task"])],
            "confident": CONFIDENT,
            "known_from": 0 if known_from is None else known_from,
        },
        "dataset": manifest.dataset["name"],
        "reference_accuracy": manifest.reference["accuracy"],
        "check": {
            "pictures": base64.b64encode(pictures.tobytes()).decode(),
            # One runtime, one file, another browser: no further off than float models in another runtime,
            # whose budget is one for probabilities; other outputs may be larger.
            "tolerance": within * max(1.0, float(np.abs(evidence.reference).max())),
        },
        "variants": variants,
    }
    (folder / FACTS).write_text(json.dumps(site, separators=(",", ":")), encoding="utf-8", newline="\n")


def restore_facts(folder: Path) -> None:
    """Give `site.json`, which the build of an earlier page renamed, its own name again."""
    move(next(folder.glob("site-*.json")), folder / FACTS)


def build_page(folder: Path) -> None:
    """Build the page around its runtime, its models and `site.json`.

    Raises:
        ConversionError: If the bundler fails.
    """
    run_script(
        ["build/page.mjs", str(folder.absolute())],
        purpose="web/build/page.mjs to build the page",
        remedy="install the packages again with npm ci in web/",
    )


def least_confident(evidence: Evidence) -> NDArray[np.intp]:
    """The images that the page checks itself with, in ascending order: small damage shows there most.

    For each class that the reference model predicts, the image on which it is least confident; where those
    are too many, the ones on which it is least confident of all.
    """
    confidence, predicted = evidence.reference.max(axis=1), evidence.reference.argmax(axis=1)
    found = [np.where(predicted == label, confidence, np.inf).argmin() for label in np.unique(predicted)]
    size = evidence.images[0].nbytes
    most = min(MOST_CHECKED, max(1, MOST_CHECKED_BYTES // size))
    return np.sort(sorted(found, key=lambda index: confidence[index])[:most])


def _add_variant(
    folder: Path, output: Path, artifact: Artifact, manifest: Manifest, pictures: Images, runtime: Path
) -> dict[str, Any]:
    """Copy a model into the page, under a name with its hash; return its entry in `site.json`."""
    content = "".join(file.sha256 for file in artifact.files)
    home = f"models/{artifact.target.name}-{hashlib.sha256(content.encode()).hexdigest()[:10]}"
    model = shutil.copytree(output / artifact.target.path, folder / home)
    of_page = artifact.target.engines[-1]
    predicted = of_page.run(model, pictures, runtime)
    (parity,) = (entry["parity"] for entry in manifest.targets if entry["name"] == artifact.target.name)
    shown = ("runtime", "samples", "max_abs_diff", "top1_agreement", "accuracy")
    return {
        "target": artifact.target.name,
        "weights": _weights_type(model),
        "url": f"{home}/model.json",
        "bytes": artifact.bytes,
        "parity": {key: parity[key] for key in shown},
        "answers": predicted.astype(float).round(7).tolist(),
    }


def _weights_type(model: Path) -> str:
    """How most of a model's numbers are stored: `float32`, `float16` or `uint8`."""
    groups = json.loads((model / "model.json").read_bytes())["weightsManifest"]
    weights = [weight for group in groups for weight in group["weights"]]
    largest = max(weights, key=lambda weight: int(np.prod(weight["shape"], dtype=int)))
    return str(largest.get("quantization", largest)["dtype"])


def _list_operations(models: Iterable[Path], folder: Path) -> Path:
    """Write a file that lists the operations of graph models."""
    operations = sorted({operation for model in models for operation in _operations(model)})
    path = folder / "operations.json"
    path.write_text(json.dumps(operations), encoding="utf-8", newline="\n")
    return path


def _operations(model: Path) -> set[str]:
    topology = json.loads((model / "model.json").read_bytes())["modelTopology"]
    functions = topology.get("library", {}).get("function", [])
    nodes = topology["node"] + [node for function in functions for node in function.get("nodeDef", [])]
    return {node["op"] for node in nodes}
