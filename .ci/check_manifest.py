"""Demand of a manifest what the README promises: ten targets, each proven on the whole test split."""

import json
import os
import sys
from pathlib import Path

manifest = json.loads(Path(sys.argv[1]).read_bytes())
dataset = manifest["dataset"]
assert dataset["split"] == "test"
assert dataset["samples"] == {"mnist": 10_000, "pen": 2_000}[dataset["name"]]
assert dataset["name"] == "mnist" or "MNIST_NPZ" not in os.environ
assert manifest["reference"]["accuracy"] > 0.98, manifest["reference"]
assert len(manifest["targets"]) == 10
for target in manifest["targets"]:
    parity = target["parity"]
    assert parity["passed"], target
    assert parity["samples"] == dataset["samples"], target
    assert abs(manifest["reference"]["accuracy"] - parity["accuracy"]) <= 0.002, target
print(f"{dataset['name']}: {len(manifest['targets'])} targets proven on {dataset['samples']} images")
