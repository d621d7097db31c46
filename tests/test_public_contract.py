"""What others rely on: commands, options, exit statuses, paths, keys of manifest.json and of bench.json.

Extend the tables below; whatever is taken out of them breaks somebody's build.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

from export import cli as export_cli
from export import errors
from export.bench.statistics import Figures
from export.targets import all_targets
from train import cli as train_cli

OPTIONS = {
    "train check": "--data --model --lr",
    "train evaluate": "--model --drawings --scale --line --data",
    "train fit": "--preset --model --hidden --convolutions --activation --dropout --label-smoothing "
    "--batch-norm --no-batch-norm --epochs --batch-size --lr --schedule --optimizer --validation-split "
    "--patience --seed --augment --no-augment --elastic --pen-share --tensorboard --resume --data --out",
    "train predict": "images --model",
    "train sweep": "--model --trials --epochs --seed --data --out",
    "export all": "--model --preset --target --force --scale --labels --output --name --author --license "
    "--skip-unsupported --data --out",
    "export bench": "--baseline --rounds --browser --data --out",
    "export check": "--browser --data --out",
    "export kit": "--platform --data --out",
    "export serve": "--port --out",
    "export targets": "",
    "export verify": "--expect --out",
}
DEFAULTS = {
    ("train fit", "--out"): Path("artifacts"),
    ("train check", "--lr"): 0.01,
    ("train evaluate", "--model"): Path("artifacts/model.h5"),
    ("train predict", "--model"): Path("artifacts/model.h5"),
    ("train sweep", "--trials"): 20,
    ("train sweep", "--model"): "mlp",
    ("export all", "--out"): Path("artifacts"),
    ("export bench", "--baseline"): "original",
    ("export bench", "--rounds"): 5,
    ("export serve", "--port"): 8000,
}
TARGETS = {
    "tfjs-graph": "tfjs/graph",
    "tfjs-graph-float16": "tfjs/graph-float16",
    "tfjs-graph-uint8": "tfjs/graph-uint8",
    "tfjs-layers": "tfjs/layers",
    "tflite-dynamic": "tflite/dynamic.tflite",
    "tflite-float16": "tflite/float16.tflite",
    "tflite-float32": "tflite/float32.tflite",
    "tflite-int16x8": "tflite/int16x8.tflite",
    "tflite-int8": "tflite/int8.tflite",
    "tflite-integer-only": "tflite/integer-only.tflite",
}
PATHS = [
    "model.h5",
    "tfjs/graph/model.json",
    "tflite/integer-only.tflite",
    "web/index.html",
    "web/inkproof.html",
    "web/sw.js",
    "web/manifest.webmanifest",
    "manifest.json",
    "report.html",
    "report.md",
    "MODEL_CARD.md",
]
FILE = "path bytes sha256"
RUN = (
    "runtime samples max_abs_diff mean_abs_diff top1_agreement decided_agreement undecided ties accuracy "
    "failures max_logit_diff probing refused"
)
MANIFEST = {
    "": "schema_version sha256 model contract dataset reference versions targets site reports keys "
    "unsupported kits",
    "model": f"{FILE} parameters input_shape labels takes scale gives task output notes name version author "
    "license",
    "contract": "height width channels box centre background ink labels",
    "dataset": "name sha256 split samples",
    "reference": "runtime accuracy calibration_error known_from",
    "versions": "python tensorflow keras tensorflowjs ai-edge-litert numpy h5py inkproof node "
    "@tensorflow/tfjs-core",
    "targets": "name bytes files parity",
    "targets.files": FILE,
    "targets.parity": f"{RUN} passed budget runs",
    "targets.parity.runs": f"{RUN} worst",
    "targets.parity.runs.probing": "samples max_logit_diff decided_agreement undecided batch_diff",
    "targets.parity.budget": "max_abs_diff min_top1_agreement max_accuracy_drop levels "
    "max_logit_diff saturates",
    "site": FILE,
    "reports": FILE,
}
BENCH = (
    "target runtime bytes gzip_bytes brotli_bytes load_ms first_ms warm_ms warm_p95_ms images_per_s "
    "peak_bytes accuracy times_baseline images_per_s_times_baseline"
)


def commands() -> Iterator[tuple[str, click.Command]]:
    for package, module in (("train", train_cli), ("export", export_cli)):
        for name, command in module.cli.commands.items():
            yield f"{package} {name}", command


def names_of(parameter: click.Parameter) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def test_every_command_takes_the_options_that_it_took() -> None:
    found = {name: {word for one in command.params for word in names_of(one)} for name, command in commands()}
    missing = {name: set(words.split()) - found[name] for name, words in OPTIONS.items()}
    assert {name: words for name, words in missing.items() if words} == {}


def test_defaults_are_what_they_were() -> None:
    found = {
        (name, option): parameter.default
        for name, command in commands()
        for parameter in command.params
        for option in names_of(parameter)
    }
    assert {which: found[which] for which in DEFAULTS} == DEFAULTS


def test_the_targets_lie_where_they_lay() -> None:
    assert {target.name: target.path for target in all_targets()} == TARGETS


def test_errors_end_with_the_statuses_that_they_had() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert {kind.exit_status for kind in kinds if issubclass(kind, errors.InkproofError)} == {1, 3}
    assert errors.ParityError.exit_status == 3


def test_bench_json_has_the_figures_that_it_had() -> None:
    assert set(BENCH.split()) <= {field.name for field in fields(Figures)}


def test_the_output_folder_holds_what_it_held(built: Path) -> None:
    assert [path for path in PATHS if not (built / path).is_file()] == []


@pytest.mark.parametrize("place", MANIFEST)
def test_the_manifest_has_the_keys_that_it_had(built: Path, place: str) -> None:
    entries: list[Any] = [json.loads((built / "manifest.json").read_bytes())]
    for name in place.split(".") if place else []:
        entries = [entry[name] for entry in entries]
        entries = [item for entry in entries for item in (entry if isinstance(entry, list) else [entry])]
    assert entries
    for entry in entries:
        assert set(MANIFEST[place].split()) <= set(entry), entry
