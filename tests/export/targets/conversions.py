"""Models converted and run in TensorFlow.js's own packages, all in one process, and compared with Keras."""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from export.runtimes import node
from export.site.build import build_runtime
from export.target import Target
from tests.export.targets.bodies import SHAPE
from tests.export.targets.small_models import as_source, pictures

BACKENDS = {"layers": ("layers-wasm", "layers-cpu"), "graph": ("graph-wasm", "graph-page")}
FLOAT32 = 1e-5
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one model: refused, or how far off it is on each backend, or the error of that."""

    refusal: str | None
    found: Mapping[str, float | str]

    @property
    def agrees(self) -> bool:
        return bool(self.found) and all(
            isinstance(far, float) and far <= FLOAT32 for far in self.found.values()
        )


def outcomes(
    target: Target, models: Mapping[str, Callable[[], keras.Model]], folder: Path
) -> dict[str, Outcome]:
    """Convert each model that the target doesn't refuse, and run it on random pictures."""
    node.install_packages()
    refusals: dict[str, str | None] = {}
    references: dict[str, Array] = {}
    folders: dict[str, Path] = {}
    for name, build in models.items():
        model = build()
        refusals[name] = target.refusal(as_source(model))
        if refusals[name] is None:
            references[name] = model.predict(pictures().astype(np.float32), verbose=0)
            folders[name] = folder / str(len(folders))
            target.convert(as_source(model), folders[name])
    backends = BACKENDS["layers" if target.name == "tfjs-layers" else "graph"]
    runtime = build_runtime(folder / "page", folders.values()) if "graph-page" in backends else ""
    runs = [(name, backend) for backend in backends for name in folders]
    question = {
        "models": [{"backend": backend, "folder": str(folders[name])} for name, backend in runs],
        "shape": [len(pictures()), *SHAPE],
        "pixels": pictures().ravel().tolist(),
        "runtime": str(runtime),
    }
    found: dict[str, dict[str, float | str]] = {name: {} for name in models}
    for (name, backend), answer in zip(runs, _answers(question, folder), strict=True):
        found[name][backend] = answer.get("error") or _difference(answer["prediction"], references[name])
    return {name: Outcome(refusals[name], found[name]) for name in models}


def _answers(question: object, folder: Path) -> list[dict[str, Any]]:
    asked = folder / "question.json"
    asked.write_text(json.dumps(question))
    command = [node.node(), str(Path(__file__).with_name("predict_all.mjs")), str(asked), str(node.WEB)]
    answers = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(answers)  # type: ignore[no-any-return]


def _difference(prediction: object, reference: Array) -> float | str:
    found = np.array(prediction, np.float32)
    if found.size != reference.size:
        return f"{found.size} numbers instead of {reference.size}"
    return float(np.abs(found.reshape(reference.shape) - reference).max())
