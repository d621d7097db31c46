"""The graph models of a page, which a kit ships with the page's own TensorFlow.js."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from export.kits._model import KitModel
from export.parity.results import FileRecord
from export.site.build import is_graph_model
from export.target import Target
from export.targets import all_targets


@dataclass(frozen=True, slots=True)
class GraphModel:
    """One of them.

    Attributes:
        target: Its target.
        bytes: Its size.
        records: Its `model.json` and shards in the output folder.
    """

    target: Target
    bytes: int
    records: tuple[FileRecord, ...]

    @property
    def name(self) -> str:
        """The target's name."""
        return self.target.name

    def places(self, folder: str) -> dict[str, FileRecord]:
        """Its files by their places in a kit that keeps models in `folder`."""
        return {f"{folder}/{self.name}/{PurePosixPath(one.path).name}": one for one in self.records}

    def numbers(self, out: Path, images: NDArray[np.uint8], runtime: Path) -> NDArray[np.float32]:
        """What it gives for images in Node, by the page's runtime file: shape (n, classes)."""
        return self.target.engines[-1].run(out / self.target.path, images, runtime)


def graph_models_of(model: KitModel) -> list[GraphModel]:
    """Those that the page offers, the smallest first."""
    targets = {target.name: target for target in all_targets() if is_graph_model(target)}
    found = [
        GraphModel(
            targets[entry["name"]], entry["bytes"], tuple(FileRecord(**file) for file in entry["files"])
        )
        for entry in model.manifest.targets
        if entry["name"] in targets and entry["parity"]["passed"]
    ]
    return sorted(found, key=lambda one: one.bytes)
