"""Prove artifacts in a browser too: TensorFlow.js on each of its backends, `.tflite` files in LiteRT.js."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from export.manifest import Manifest
from export.parity.entries import run_entry
from export.parity.results import Run, UnsupportedRun
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
GRAPH = {"graph-wasm": ("wasm", 0), "graph-page": (tfjs.describe_page(), 1000), "graph-webgl": ("webgl", 100)}
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
    backends = GRAPH if target.engines is tfjs.GRAPH else LAYERS
    return tuple(
        _engine(page, backend, _described(page, backend, where), hardest)
        for backend, (where, hardest) in backends.items()
        if where != "webgl" or page.webgl_renderer
    )


def _described(page: Page, backend: str, where: str) -> str:
    if backend == "graph-page":
        return where
    software = page.webgl_renderer and re.search("SwiftShader|llvmpipe", page.webgl_renderer)
    return f"{tfjs.version()} {where}{IN_SOFTWARE if where == 'webgl' and software else ''}"


def _engine(page: Page, backend: str, name: str, hardest: int = 0) -> Engine:
    def run(artifact: Path, images: Images, _page_runtime: Path) -> Probabilities:
        return page.predict(backend, artifact, images)

    described = f"{name}, {page.name}"
    return Engine(lambda: described, run, backend, hardest, required=backend != "litert")


def record(out: Path, staged: Path, manifest: Manifest, found: Mapping[Target, Sequence[Run]]) -> None:
    """Add runs to manifest and reports of the output folder, to all of them or to none.

    They replace earlier runs in the same browsers; those in other browsers stay.

    Args:
        out: The output folder.
        staged: See `train.output.staging`.
        manifest: That of the output folder.
        found: The runs of each target.

    Raises:
        OutputError: If the reports have no place for them, or nothing can be written.
    """
    entries = {target.name: [_entry(run) for run in runs] for target, runs in found.items()}
    targets = []
    for target in manifest.targets:
        runs = _replaced(target["parity"].get("browser", []), entries[target["name"]])
        targets.append({**target, "parity": {**target["parity"], "browser": runs}})
    rows = [_row(target["name"], run) for target in targets for run in target["parity"]["browser"]]
    sections.publish(out, staged, replace(manifest, targets=targets), SECTION, {"rows": rows})


def print_table(found: Mapping[Target, Sequence[Run]]) -> None:
    """Print a table of the runs on stdout, and why those that are unsupported can't run."""
    rows = [_row(target.name, _entry(run)) for target, runs in found.items() for run in runs]
    headings = ("target", "runtime", "verdict", "images", "agreement", "max diff")
    print_on_terminal(headings, [row[:-1] for row in rows], title="In browsers", texts=3)
    for target, _, verdict, *_, reasons in rows:
        if verdict == UNSUPPORTED:
            say(f"{target}: {reasons[0]}")


def _replaced(earlier: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """Entries of runs, in the order of the browsers, the new ones instead of those in the same browser."""
    browsers = {_browser_of(run) for run in new}
    kept = [run for run in earlier if _browser_of(run) not in browsers]
    return sorted([*kept, *new], key=_browser_of)


def _browser_of(entry: Mapping[str, Any]) -> str:
    """The browser's name, which is the last part of a runtime's, before its version."""
    return str(entry["runtime"]).rpartition(", ")[2].partition(" ")[0]


def _row(target: str, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Target, runtime, verdict, images, agreement, largest difference and reasons of a run, as text."""
    refused = entry["refused"]
    return (
        target,
        entry["runtime"],
        UNSUPPORTED if refused is not None else "pass" if entry["passed"] else "FAIL",
        f"{entry['samples']:,}",
        percent(entry["top1_agreement"]),
        difference_text(entry["max_abs_diff"]),
        entry["failures"] if refused is None else [refused],
    )


def _entry(run: Run) -> dict[str, Any]:
    """A run as the manifest has it, see `BrowserRunEntry`."""
    entry = run_entry(run)
    del entry["worst"]
    return {**entry, "passed": None if isinstance(run, UnsupportedRun) else not run.failures}
