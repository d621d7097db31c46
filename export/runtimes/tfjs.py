"""TensorFlow.js in Node: its wasm backend for every image, the page's own runtime file for the hardest.

All images through a page in plain JavaScript would take several times as long: 17 times by TF.js's own
convolution (measured: 3.4 s per 1,000 to 0.2 s), of whose time the page's takes a quarter.
"""

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from export.errors import RunError
from export.runtimes import node
from export.runtimes.process import processes
from export.target import Engine
from export.types import Images, Probabilities

SCRIPT = Path(__file__).with_suffix(".mjs")
SCRIPTS = ("export/runtimes/tfjs.mjs", "export/runtimes/open_tfjs.mjs")


def _run(backend: str, artifact: Path, images: Images, page_runtime: Path) -> Probabilities:
    """Run the `model.json` in folder `artifact` on images.

    Args:
        backend: `graph-wasm`, `graph-page`, `layers-wasm` or `layers-cpu`.
        artifact: Folder of the `model.json`.
        images: Shape (n, height, width, channels).
        page_runtime: The `runtime.js` that the page ships.

    Raises:
        RunError: If TensorFlow.js can't load or run it.
    """
    return in_rows(output_of(SCRIPT, backend, artifact, images, page_runtime), artifact, len(images))


def in_rows(content: bytes, artifact: Path, count: int) -> NDArray[np.float32]:
    """What JavaScript writes about so many images, little-endian float32: shape (count, classes).

    Raises:
        RunError: If it isn't as many numbers for each.
    """
    found = np.frombuffer(content, np.float32)
    if found.size % count:
        raise RunError(
            f"expected as many numbers from {artifact} for each of {count} images, found {found.size} "
            "in all: build it again"
        )
    return found.reshape(count, -1)


def tensors(artifact: Path, image: Images) -> list[NDArray[np.float32]]:
    """Everything that the `model.json` in folder `artifact` computes for one image.

    Raises:
        RunError: If TensorFlow.js can't load or run it.
    """
    found = json.loads(output_of(SCRIPT, "inside", artifact, image, Path()))
    return [np.array(tensor["values"], np.float32).reshape(tensor["shape"]) for tensor in found]


def output_of(script: Path, backend: str, artifact: Path, images: Images, page_runtime: Path) -> bytes:
    """Run a script in Node, with the arguments of `tfjs.mjs`, on images; return what it writes.

    Raises:
        RunError: If it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "images.u8"), Path(folder, "result")
        images.tofile(given)
        shape = ",".join(map(str, images.shape))
        processes.run(
            [
                *(node.node(), str(script), backend, str(artifact), str(given), shape, str(result)),
                *(str(node.WEB), str(page_runtime)),
            ],
            str(artifact),
        )
        return result.read_bytes()


def version() -> str:
    """Name and version of TensorFlow.js."""
    return f"tfjs {node.package_version('@tensorflow/tfjs-core')}"


def describe_page() -> str:
    """Name of the page's runtime, whatever it is made of."""
    return "the page's bundle"


def _describe(where: str) -> str:
    return f"{version()} {where}"


def _engine(backend: str, describe: Callable[[], str]) -> Engine:
    return Engine(describe, partial(_run, backend), backend, scripts=SCRIPTS)


WASM, CPU = (partial(_describe, where) for where in ("wasm", "cpu"))
GRAPH = (_engine("graph-wasm", WASM), _engine("graph-page", describe_page))
LAYERS = (_engine("layers-wasm", WASM), _engine("layers-cpu", CPU))
