"""Prove artifacts in a browser too: TensorFlow.js on each of its backends, `.tflite` files in LiteRT.js."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from export.manifest import Manifest
from export.parity.entries import run_entry
from export.parity.results import ComparedRun, ParityResult, Run, UnsupportedRun
from export.report import sections
from export.report.build import difference_text
from export.runtimes import tfjs
from export.runtimes.browser import Page
from export.runtimes.node import package_version
from export.target import Engine, Target
from export.types import Images, Probabilities
from train.console.say import say
from train.console.table import print_table as print_on_terminal
from train.report.templates import percent

SECTION = "browser"
UNSUPPORTED = "unsupported"
IN_SOFTWARE = " in software"
# For each backend: the engine's name, and how many images it runs if it isn't a target's first engine, which
# runs all. Without a graphics card WebGL takes 12 ms for an image, and 30 ms on a busy machine.
GRAPH = {
    "graph-wasm": ("wasm", 0),
    "graph-page": ("in the page's bundle", 1000),
    "graph-webgl": ("webgl", 100),
}
LAYERS = {"layers-wasm": ("wasm", 0), "layers-cpu": ("cpu", 1000), "layers-webgl": ("webgl", 100)}


def engines_in(page: Page, target: Target) -> tuple[Engine, ...]:
    """The runtimes that a browser has for a target; the first runs every image.

    Each is checked with the target's own budget. WebGL needs no wider budget where it computes with 32 bits:
    in software, float32 models differ by 6.6e-7, as on the other backends. A graphics card with only 16 bits
    rightly fails float32 models: its users don't get the reference model's predictions to 1e-5.
    """
    if target.engines not in (tfjs.GRAPH, tfjs.LAYERS):
        # It runs one image at a time, and lacks some operations.
        return (_engine(page, "litert", f"litert.js {package_version('@litertjs/core')} wasm"),)
    version = package_version("@tensorflow/tfjs-core")
    backends = GRAPH if target.engines is tfjs.GRAPH else LAYERS
    return tuple(
        _engine(page, backend, f"tfjs {version} {where}{_by_what(page, where)}", hardest)
        for backend, (where, hardest) in backends.items()
        if where != "webgl" or page.webgl_renderer
    )


def _by_what(page: Page, where: str) -> str:
    software = page.webgl_renderer and re.search("SwiftShader|llvmpipe", page.webgl_renderer)
    return IN_SOFTWARE if where == "webgl" and software else ""


def _engine(page: Page, backend: str, name: str, hardest: int = 0) -> Engine:
    def run(artifact: Path, images: Images, _page_runtime: Path) -> Probabilities:
        return page.predict(backend, artifact, images)

    described = f"{name}, {page.name}"
    return Engine(lambda: described, run, backend, hardest, required=backend != "litert")


def record(out: Path, staged: Path, manifest: Manifest, results: Mapping[Target, ParityResult]) -> None:
    """Add the verdicts to manifest and reports of the output folder, to all of them or to none.

    Args:
        out: The output folder.
        staged: See `train.output.staging`.
        manifest: That of the output folder.
        results: What came of each target.

    Raises:
        OutputError: If the reports have no place for them, or nothing can be written.
    """
    entries = {target.name: [_entry(run) for run in result.runs] for target, result in results.items()}
    targets = [
        {**target, "parity": {**target["parity"], "browser": entries[target["name"]]}}
        for target in manifest.targets
    ]
    sections.publish(out, staged, replace(manifest, targets=targets), SECTION, {"rows": _rows(results)})


def print_table(results: Mapping[Target, ParityResult]) -> None:
    """Print a table of the runs on stdout, and why those that are unsupported can't run."""
    rows = _rows(results)
    headings = ("target", "runtime", "verdict", "images", "agreement", "max diff")
    print_on_terminal(headings, [row[:-1] for row in rows], title="In the browser", texts=3)
    for target, _, verdict, *_, reasons in rows:
        if verdict == UNSUPPORTED:
            say(f"{target}: {reasons[0]}")


def _rows(results: Mapping[Target, ParityResult]) -> list[tuple[Any, ...]]:
    """Target, runtime, verdict, images, agreement, largest difference and reasons of each run, as text."""
    return [_row(target, run) for target, result in results.items() for run in result.runs]


def _row(target: Target, run: Run) -> tuple[Any, ...]:
    compared = run if isinstance(run, ComparedRun) else None
    return (
        target.name,
        run.runtime,
        UNSUPPORTED if isinstance(run, UnsupportedRun) else "FAIL" if run.failures else "pass",
        f"{run.samples:,}",
        percent(compared.top1_agreement if compared else None),
        difference_text(compared.max_abs_diff if compared else None),
        (run.reason,) if isinstance(run, UnsupportedRun) else run.failures,
    )


def _entry(run: Run) -> dict[str, Any]:
    """A run as the manifest has it; one in an unsupported engine neither passed nor failed."""
    entry = run_entry(run)
    del entry["worst"]
    return {**entry, "passed": None if isinstance(run, UnsupportedRun) else not run.failures}
