"""Build the page: its runtime first, cut to the models' operations, then the page around a proven model."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from export.errors import ConversionError
from export.manifest import Manifest
from export.runtimes.node import WEB, install_packages, node
from export.types import Artifact, Target

FOLDER = "web"
RUNTIME = "runtime.js"
# Half the download of float32 and, to two digits, its answers; the others where it fails its budget.
PREFERENCE = ("tfjs-graph-float16", "tfjs-graph", "tfjs-graph-uint8")


def build_page(folder: Path, models: Iterable[Path]) -> Path:
    """Bundle the page's sources into `folder`, with a TF.js that holds only what the models need.

    Args:
        folder: Where the page goes, made if it is missing.
        models: Folders of graph models, with a `model.json` each.

    Returns:
        Path of the runtime file, which the page loads and parity is measured with.

    Raises:
        ConversionError: If npm or the bundler refuses, as it does for an operation that TF.js lacks.
    """
    install_packages()
    operations = sorted({operation for model in models for operation in _operations(model)})
    with tempfile.NamedTemporaryFile("w", suffix=".json") as list_of_operations:
        json.dump(operations, list_of_operations)
        list_of_operations.flush()
        result = subprocess.run(
            [node(), "build.mjs", str(folder.absolute()), list_of_operations.name],
            cwd=WEB,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if result.returncode:
        reason = " ".join(result.stderr.split())[:300]
        raise ConversionError(
            f"expected web/build.mjs to bundle the page, it stopped with status {result.returncode} "
            f"({reason}): use layers that TensorFlow.js knows"
        )
    return folder / RUNTIME


def is_graph_model(target: Target) -> bool:
    """Whether the page could run this target."""
    return target.name in PREFERENCE


def model_for_page(artifacts: Sequence[Artifact]) -> Artifact | None:
    """The artifact that the page is built around: the preferred one of those within their budgets."""
    passed = {artifact.target.name: artifact for artifact in artifacts if artifact.parity.passed}
    return next((passed[name] for name in PREFERENCE if name in passed), None)


def furnish(folder: Path, output: Path, artifact: Artifact, manifest: Manifest) -> None:
    """Put a model and what the manifest knows of it beside the bundled page.

    Args:
        folder: The page's folder, from `build_page`.
        output: The output folder, in which the artifact lies.
        artifact: The model that the page will run.
        manifest: Contract, dataset and reference come from it into `site.json`, the page's only source.
    """
    shutil.copytree(output / artifact.target.path, folder / "model")
    run = artifact.parity.runs[0]
    site = {
        "contract": manifest.contract,
        "dataset": manifest.dataset["name"],
        "reference_accuracy": manifest.reference["accuracy"],
        "model": {"target": artifact.target.name, "url": "model/model.json", "bytes": artifact.bytes},
        "parity": {
            "runtime": run.runtime,
            "samples": run.samples,
            "max_abs_diff": run.max_abs_diff,
            "top1_agreement": run.top1_agreement,
            "accuracy": run.accuracy,
        },
    }
    (folder / "site.json").write_text(json.dumps(site, indent=1) + "\n", encoding="utf-8")


def _operations(model: Path) -> set[str]:
    topology = json.loads((model / "model.json").read_bytes())["modelTopology"]
    functions = topology.get("library", {}).get("function", [])
    nodes = topology["node"] + [node for function in functions for node in function.get("nodeDef", [])]
    return {node["op"] for node in nodes}
