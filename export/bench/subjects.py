"""What is measured: the reference model, and every exported model in each of its runtimes."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from export.manifest import Manifest
from export.report.browser_parity import IN_SOFTWARE, engines_in
from export.runtimes import process, tfjs
from export.runtimes.browser import Page
from export.target import Engine, Target
from export.types import Images
from train.model_file.model_file import ModelFile

REFERENCE = "original"  # as in bench.json and on the command line
SCRIPT = Path(__file__).with_name("measure.mjs")


@dataclass(frozen=True, slots=True)
class Subject:
    """One artifact in one runtime.

    Attributes:
        target: Its name, or `original`, the reference model.
        runtime: Name and version.
        path: Where the artifact lies.
        measure: Runs it in a process of its own; gives what `export.bench.measure.measure` gives. Raises
            RunError if it can't be run.
        required: Whether it has to run there.
    """

    target: str
    runtime: str
    path: Path
    measure: Callable[[], dict[str, Any]]
    required: bool = True


def reference_model(model: ModelFile, manifest: Manifest, images: Images) -> Subject:
    """The reference model in Keras."""

    def measure() -> dict[str, Any]:
        with model.named():
            return _in_python("keras", model.path, images)

    return Subject(REFERENCE, str(manifest.reference["runtime"]), model.original, measure)


def exported_models(
    out: Path, targets: Sequence[Target], images: Images, page_runtime: Path
) -> Iterator[Subject]:
    """Every exported model in each of its runtimes outside of a browser."""
    for target in targets:
        path = out / target.path
        for engine in target.engines:
            if engine.backend == "litert":
                measure = partial(_in_python, engine.backend, path, images)
            else:
                measure = partial(_in_node, engine.backend, path, images, page_runtime)
            yield _subject(target, engine, path, measure)


def exported_models_in_browser(
    out: Path, targets: Sequence[Target], images: Images, page: Page
) -> Iterator[Subject]:
    """The same in the runtimes of a browser, but for WebGL in software: its speed isn't that of WebGL."""
    for target in targets:
        path = out / target.path
        for engine in engines_in(page, target):
            if IN_SOFTWARE not in engine.describe():
                yield _subject(target, engine, path, partial(page.measure, engine.backend, path, images))


def _subject(target: Target, engine: Engine, path: Path, measure: Callable[[], dict[str, Any]]) -> Subject:
    return Subject(target.name, engine.describe(), path, measure, engine.required)


def _in_python(runtime: str, path: Path, images: Images) -> dict[str, Any]:
    return dict(json.loads(process.output_of("export.bench.measure", [runtime], path, images, ".json")))


def _in_node(backend: str, path: Path, images: Images, page_runtime: Path) -> dict[str, Any]:
    return dict(json.loads(tfjs.output_of(SCRIPT, backend, path, images, page_runtime)))
