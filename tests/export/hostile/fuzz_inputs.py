"""Change bytes of a good input at random and read it, in a process of bounded memory, for some seconds.

    python fuzz_inputs.py KIND FOLDER SECONDS

KIND is one of READERS. Prints how many were read and how many refused. Fails at, and keeps in FOLDER, one
that raises anything but an InkproofError of one line, or takes more than 10 s of CPU time or 2 GB.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from export.manifest import Manifest, demand_entries, read_manifest
from tests.export.hostile.fuzzing import mutated
from train.contract import InputContract
from train.data.npz import read_npz
from train.drawing.image_file import read_grey
from train.drawing.strokes import as_pictures, read_drawings
from train.errors import InkproofError

MOST_BYTES, MOST_SECONDS = 2_000_000_000, 10
# Pieces of text that mean something to a parser.
WORDS = tuple(word.encode() for word in (*'[]{},"-\n', "1e999", "9" * 500, "true", "null", "NaN", "\\ud800"))


def good_drawings() -> bytes:
    return b"".join(b'{"label": %d, "strokes": [[[0, 1], [2.5, %d]], [[7, 7]]]}\n' % (n, n) for n in range(9))


def good_manifest(folder: Path) -> bytes:
    file = {"path": "model.h5", "bytes": 3, "sha256": "0" * 64}
    model = {**file, "labels": ["a", "b"], "input_shape": [8, 8, 1]}
    reference = {"runtime": "keras", "accuracy": 0.5}
    dataset = {"name": "pen", "sha256": "0" * 64}
    Manifest(model, InputContract().to_json(), dataset, reference, {"a": "1"}, [], [file]).write(folder)
    return (folder / "manifest.json").read_bytes()


def good_npz(folder: Path) -> bytes:
    pictures, labels = np.zeros((6, 5, 5), np.uint8), np.arange(6) % 2
    np.savez(folder / "good.npz", x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    return (folder / "good.npz").read_bytes()


def good_picture(folder: Path, suffix: str) -> bytes:
    path = folder / f"good.{suffix}"
    random = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    Image.fromarray(random).save(path)
    return path.read_bytes()


def read_strokes(path: Path) -> object:
    return as_pictures(read_drawings(path), InputContract(), scale=0.7)


def read_description(path: Path) -> None:
    demand_entries(path.parent, read_manifest(path.parent))


SUFFIXES = ("png", "jpg", "webp", "bmp", "gif", "tiff")
Goods = Callable[[Path], list[bytes]]
READERS: dict[str, tuple[str, Goods, Callable[[Path], object]]] = {
    "drawings": ("x.jsonl", lambda _: [good_drawings()], read_strokes),
    "manifest": ("manifest.json", lambda folder: [good_manifest(folder)], read_description),
    "npz": ("x.npz", lambda folder: [good_npz(folder)], read_npz),
    "pictures": ("x.png", lambda folder: [good_picture(folder, suffix) for suffix in SUFFIXES], read_grey),
}


def fuzz(kind: str, folder: Path, seconds: float) -> dict[str, int]:
    name, make, read = READERS[kind]
    goods, random, path = make(folder), np.random.default_rng(), folder / name
    found, end = {"read": 0, "refused": 0}, time.monotonic() + seconds
    while time.monotonic() < end:
        path.write_bytes(mutated(goods[random.integers(len(goods))], random, WORDS))
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)  # of CPU time
        try:
            read(path)
            found["read"] += 1
        except InkproofError as error:
            found["refused" if "\n" not in str(error) else "of several lines"] += 1
    signal.setitimer(signal.ITIMER_PROF, 0)
    return found


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    arguments: Any = sys.argv[1:]
    print(json.dumps(fuzz(arguments[0], Path(arguments[1]), float(arguments[2]))))
