"""Prove artifacts again, as they lie on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from export.errors import DataError, IntegrityError
from export.manifest import Manifest, damaged_files, read_manifest, record_all
from export.parity.evidence import Evidence, gather_evidence
from export.parity.layer_drift import explained
from export.parity.prove import demand_parity, gather_proofs, proof_pool, prove
from export.report import browser_parity, sections
from export.report.build import print_table
from export.results import Artifact, ParityResult
from export.runtimes.browser import open_page
from export.runtimes.chromium import find_chromium
from export.runtimes.node import install_packages
from export.site.build import FOLDER, build_runtime, is_graph_model, runtime_file
from export.target import Target
from export.targets import all_targets
from train.console.progress import stage
from train.data.dataset import Dataset, find_dataset
from train.model_file.load import load_model
from train.model_file.signature import contract_of
from train.output.staging import staging

if TYPE_CHECKING:
    import keras


def check(out: Path, data: str | None, *, browser: bool = False) -> list[Artifact]:
    """Run every artifact of the manifest again and compare it with the reference model.

    Args:
        out: The output folder.
        data: See `train.data.dataset.find_dataset`; it must be the dataset that the manifest names.
        browser: Run them in Chromium, too, and add that to manifest and reports, unless a file is damaged.
            Without it nothing is written.

    Raises:
        ParityError: If an artifact is past its budget; damaged files are named.
        BrowserError: If `browser` is set and there is none.
        IntegrityError: If the reference model isn't the one in the manifest, or all artifacts are within
            their budgets, yet a file isn't the one that was proven.
        InkproofError: If it can't be done.
    """
    if browser:
        find_chromium()
    folder: AbstractContextManager[Path | str] = staging(out) if browser else tempfile.TemporaryDirectory()
    with folder as name:
        scratch = Path(name)
        manifest = read_manifest(out)
        if browser:
            sections.demand_place(out, browser_parity.SECTION)
        damaged = damaged_files(out, manifest)
        opened = _open(out, manifest, data, scratch)
        artifacts = _prove(opened)
        print_table(artifacts, opened.evidence.accuracy)
        if browser:
            verdicts = _prove_in_browser(opened)
            browser_parity.print_table(verdicts)
            if not damaged:
                browser_parity.record(out, scratch, manifest, verdicts)
            artifacts = [_with_runs(artifact, verdicts[artifact.target]) for artifact in artifacts]
    demand_parity(artifacts, damaged)
    return artifacts


@dataclass(frozen=True, slots=True)
class _Opened:
    """An output folder, and what its artifacts are compared with."""

    out: Path
    targets: Sequence[Target]
    model: keras.Model
    evidence: Evidence
    page_runtime: Path


def _open(out: Path, manifest: Manifest, data: str | None, scratch: Path) -> _Opened:
    """Read the model and the dataset, and run the one on the other."""
    damaged_model = manifest.model_file.damage(out)
    if damaged_model:
        raise IntegrityError(
            f"expected the reference model that the artifacts were made from, found {damaged_model}: "
            "build them again with python -m export all"
        )
    with stage("reading the dataset"):
        dataset = find_proven_dataset(manifest, data)
    install_packages()
    with stage("loading the model"):
        path = out / manifest.model_file.path
        model = load_model(path)
        contract_of(model, path)  # refuses what isn't a classifier of images
    with stage(f"running the reference model on {len(dataset.test):,} test images"):
        evidence = gather_evidence(model, dataset)
    targets = [target for target in all_targets() if target.name in manifest.target_names]
    return _Opened(out, targets, model, evidence, find_page_runtime(out, targets, scratch))


def _prove(opened: _Opened) -> list[Artifact]:
    """Run every artifact in its runtimes outside of a browser."""
    out, targets, evidence = opened.out, opened.targets, opened.evidence
    title = f"comparing {len(targets)} exported models with it"
    with stage(title, total=len(targets)) as step, proof_pool() as pool:
        proofs = {pool.submit(prove, t, out / t.path, evidence, opened.page_runtime): t for t in targets}
        verdicts = gather_proofs(proofs, step)
    return [
        Artifact(
            target,
            record_all(out / target.path, out),
            explained(verdicts[target], out / target.path, opened.model, evidence.images),
        )
        for target in targets
    ]


def find_proven_dataset(manifest: Manifest, data: str | None) -> Dataset:
    """Find the dataset that the artifacts were compared on.

    Args:
        manifest: It names the dataset.
        data: See `train.data.dataset.find_dataset`.

    Raises:
        DataError: If it is missing, or another.
    """
    dataset = find_dataset(data)
    if dataset.sha256 != manifest.dataset["sha256"]:
        raise DataError(
            f"expected the dataset '{manifest.dataset['name']}' that the manifest names, found "
            f"'{dataset.name}' with another content: name it with --data"
        )
    return dataset


def find_page_runtime(out: Path, targets: Sequence[Target], folder: Path) -> Path:
    """The runtime file that the page ships; built into `folder` where no site was built, or it is gone."""
    models = [out / target.path for target in targets if is_graph_model(target)]
    return runtime_file(out / FOLDER) or build_runtime(folder, models)


def _prove_in_browser(opened: _Opened) -> dict[Target, ParityResult]:
    """Run every artifact in its runtimes in Chromium."""
    verdicts, runtime = {}, opened.page_runtime
    title = "comparing them in Chromium"
    with stage(title, total=len(opened.targets)) as step, open_page(runtime) as page:
        for target in opened.targets:
            there = replace(target, engines=browser_parity.engines_in(page, target))
            verdicts[target] = prove(there, opened.out / target.path, opened.evidence, runtime)
            step()
    return verdicts


def _with_runs(artifact: Artifact, more: ParityResult) -> Artifact:
    return replace(artifact, parity=replace(artifact.parity, runs=(*artifact.parity.runs, *more.runs)))
