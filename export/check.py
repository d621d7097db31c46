"""Prove artifacts again, as they lie on disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from export import manifest as manifests
from export import report, site
from export.drift import explained
from export.errors import DataError, IntegrityError
from export.model_file import load_model
from export.proof import demand_parity, gather_proofs, proof_pool, prove
from export.runtimes.node import install_packages
from export.source import gather_evidence
from export.targets import all_targets
from export.types import Artifact
from train.data import find_dataset
from train.progress import stage


def check(out: Path, data: str | None) -> list[Artifact]:
    """Run every artifact of the manifest again and compare it with the original; write nothing.

    Args:
        out: The output folder.
        data: See `train.data.find_dataset`; it must be the dataset that the manifest names.

    Raises:
        ParityError: If an artifact is past its budget; damaged files are named.
        IntegrityError: If the original isn't the one in the manifest, or all artifacts are within their
            budgets, yet a file isn't the one that was proven.
        InkproofError: If it can't be done.
    """
    manifest = manifests.read_manifest(out)
    damaged = manifests.damaged_files(out, manifest)
    original = out / manifest.model["path"]
    if any(phrase.startswith(f"{original} ") for phrase in damaged):
        raise IntegrityError(
            f"expected the original that the copies were made from, found {damaged[0]}: "
            "build them again with python -m export all"
        )
    with stage("reading the dataset"):
        dataset = find_dataset(data)
    if dataset.sha256 != manifest.dataset["sha256"]:
        raise DataError(
            f"expected the dataset '{manifest.dataset['name']}' that the manifest names, found "
            f"'{dataset.name}' with another content: name it with --data"
        )
    install_packages()
    with stage("loading the model"):
        model = load_model(original)
    with stage(f"asking the original about {len(dataset.test):,} test images"):
        evidence = gather_evidence(model, dataset)
    targets = [target for target in all_targets() if target.name in manifest.target_names]
    title = f"comparing {len(targets)} copies with it"
    with tempfile.TemporaryDirectory() as folder, stage(title, total=len(targets)) as step:
        page_runtime = site.runtime_file(out / site.FOLDER)
        if page_runtime is None:  # no site was built, or it is gone
            models = [out / target.path for target in targets if site.is_graph_model(target)]
            page_runtime = site.build_runtime(Path(folder), models)
        with proof_pool() as pool:
            proofs = {pool.submit(prove, t, out / t.path, evidence, page_runtime): t for t in targets}
            results = gather_proofs(proofs, step)
    artifacts = [
        Artifact(
            target,
            manifests.record_all(out / target.path, out),
            explained(results[target], out / target.path, model, evidence.images),
        )
        for target in targets
    ]
    report.print_table(artifacts, evidence.accuracy)
    demand_parity(artifacts, damaged)
    return artifacts
