"""Prove artifacts again, as they lie on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from export import manifest as manifests
from export.errors import DataError, IntegrityError
from export.manifest import Manifest
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


def check(out: Path, data: str | None, *, browser: bool = False) -> list[Artifact]:
    """Run every artifact of the manifest again and compare it with the original.

    Args:
        out: The output folder.
        data: See `train.data.dataset.find_dataset`; it must be the dataset that the manifest names.
        browser: Run them in Chromium, too, and add that to manifest and reports, unless a file is damaged.
            Without it nothing is written.

    Raises:
        ParityError: If an artifact is past its budget; damaged files are named.
        BrowserError: If a browser is asked for and there is none.
        IntegrityError: If the original isn't the one in the manifest, or all artifacts are within their
            budgets, yet a file isn't the one that was proven.
        InkproofError: If it can't be done.
    """
    if not browser:
        return _check(out, data, None)
    find_chromium()
    with staging(out) as staged:
        return _check(out, data, staged)


def _check(out: Path, data: str | None, staged: Path | None) -> list[Artifact]:
    """As `check`; in a browser, too, where there is a folder for what that adds."""
    manifest = manifests.read_manifest(out)
    if staged:
        sections.demand_place(out, browser_parity.SECTION)
    damaged = manifests.damaged_files(out, manifest)
    original = out / manifest.model["path"]
    if any(phrase.startswith(f"{original} ") for phrase in damaged):
        raise IntegrityError(
            f"expected the original that the copies were made from, found {damaged[0]}: "
            "build them again with python -m export all"
        )
    with stage("reading the dataset"):
        dataset = find_proven_dataset(manifest, data)
    install_packages()
    with stage("loading the model"):
        model = load_model(original)
        contract_of(model, original)  # refuses what isn't a classifier of images
    with stage(f"asking the original about {len(dataset.test):,} test images"):
        evidence = gather_evidence(model, dataset)
    targets = [target for target in all_targets() if target.name in manifest.target_names]
    with tempfile.TemporaryDirectory() as folder:
        page_runtime = find_page_runtime(out, targets, Path(folder))
        title = f"comparing {len(targets)} copies with it"
        with stage(title, total=len(targets)) as step, proof_pool() as pool:
            proofs = {pool.submit(prove, t, out / t.path, evidence, page_runtime): t for t in targets}
            results = gather_proofs(proofs, step)
        in_browser = _prove_in_browser(targets, out, evidence, page_runtime) if staged else {}
    artifacts = [
        Artifact(
            target,
            manifests.record_all(out / target.path, out),
            explained(results[target], out / target.path, model, evidence.images),
        )
        for target in targets
    ]
    print_table(artifacts, evidence.accuracy)
    if staged:
        browser_parity.print_table(in_browser)
        if not damaged:
            browser_parity.record(out, staged, manifest, in_browser)
        artifacts = [replace(one, parity=_both(one.parity, in_browser[one.target])) for one in artifacts]
    demand_parity(artifacts, damaged)
    return artifacts


def find_proven_dataset(manifest: Manifest, data: str | None) -> Dataset:
    """Find the dataset that the copies were compared on.

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


def _prove_in_browser(
    targets: Sequence[Target], out: Path, evidence: Evidence, page_runtime: Path
) -> dict[Target, ParityResult]:
    results = {}
    with stage("comparing them in Chromium", total=len(targets)) as step, open_page(page_runtime) as page:
        for target in targets:
            there = replace(target, engines=browser_parity.engines_in(page, target))
            results[target] = prove(there, out / target.path, evidence, page_runtime)
            step()
    return results


def _both(here: ParityResult, there: ParityResult) -> ParityResult:
    return ParityResult((*here.runs, *there.runs), here.budget)
