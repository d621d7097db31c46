"""Prove artifacts again, as they lie on disk."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from export.errors import DataError, IntegrityError
from export.manifest import Manifest, damaged_files, demand_entries, demand_whole, read_manifest, record_all
from export.parity.layer_drift import explained
from export.parity.prove import demand_parity, gather_proofs, proof_pool, prove
from export.parity.results import Artifact, Run
from export.pipeline.reading import Reading
from export.pipeline.reference_model import ReferenceModel
from export.reference.pixel_scale import RAW
from export.report import browser_parity, sections
from export.report.build import print_table
from export.runtimes.browser import open_page
from export.runtimes.browsers._browser import Browser
from export.runtimes.node import install_packages
from export.site.build import FOLDER, build_runtime, is_graph_model, runtime_file
from export.target import Target
from export.targets import all_targets
from train.console.progress import stage
from train.data.dataset import Dataset, locate_dataset
from train.input.checksum import sha256_or_empty
from train.model_file.model_file import ModelFile
from train.output.staging import staging


def check(out: Path, data: str | None, browsers: Sequence[Browser] = ()) -> list[Artifact]:
    """Run every artifact of the manifest again and compare it with the reference model.

    Args:
        out: The output folder.
        data: See `train.data.dataset.find_dataset`; it must be the dataset that the manifest names.
        browsers: Run them in these, too, and add that to manifest and reports, unless a file is damaged.
            Without any nothing is written.

    Raises:
        ParityError: If an artifact is past its budget; damaged files are named.
        BrowserError: If a browser doesn't start.
        IntegrityError: If the reference model isn't the one in the manifest, or all artifacts are within
            their budgets, yet a file isn't the one that was proven.
        InkproofError: If it can't be done.
    """
    folder: AbstractContextManager[Path | str] = staging(out) if browsers else tempfile.TemporaryDirectory()
    with folder as scratch:
        manifest = read_manifest(out)
        if browsers:
            sections.demand_place(out, browser_parity.SECTION)
        demand_entries(out, manifest)
        damaged = damaged_files(out, manifest)
        demand_whole(out, [found for found in damaged if found.path.exists() and not found.path.is_file()])
        reference = _read_reference_model(out, manifest, data, Path(scratch))
        targets = [target for target in all_targets() if target.name in manifest.target_names]
        page_runtime = find_page_runtime(out, targets, Path(scratch))
        artifacts = _prove(targets, out, reference, page_runtime)
        print_table(artifacts, manifest.reference)
        if browsers:
            runs: dict[Target, tuple[Run, ...]] = dict.fromkeys(targets, ())
            for browser in browsers:
                for target, more in _prove_in(browser, targets, out, reference, page_runtime):
                    runs[target] += more
            browser_parity.print_table(runs)
            if not damaged:
                browser_parity.record(out, Path(scratch), manifest, runs)
            artifacts = [_with_runs(artifact, runs[artifact.target]) for artifact in artifacts]
    demand_parity(artifacts, damaged)
    return artifacts


def _read_reference_model(out: Path, manifest: Manifest, data: str | None, scratch: Path) -> ReferenceModel:
    proven = manifest.model_file
    damage = proven.damage(out)
    model = None if damage else ModelFile.take(out / proven.path, scratch)
    if model is None or sha256_or_empty(model.path) != proven.sha256:
        raise IntegrityError(
            "expected the reference model that the artifacts were made from, found "
            f"{damage or f'another in the place of {out / proven.path}'}: "
            "build them again with python -m export all"
        )
    reference = ReferenceModel(model, locate_dataset(data), scratch, proven_reading(manifest))
    demand_proven_dataset(manifest, reference.dataset)
    install_packages()
    _ = reference.evidence  # now, by stages of its own
    return reference


def _prove(
    targets: Sequence[Target], out: Path, reference: ReferenceModel, page_runtime: Path
) -> list[Artifact]:
    """Run every artifact in its runtimes outside of a browser."""
    title, evidence = f"comparing {len(targets)} exported models with it", reference.evidence
    with stage(title, total=len(targets)) as step, proof_pool() as pool:
        proofs = {pool.submit(prove, t, out / t.path, evidence, page_runtime): t for t in targets}
        verdicts = gather_proofs(proofs, step)
    return [
        Artifact(
            target,
            record_all(out / target.path, out),
            explained(verdicts[target], out / target.path, reference.inference_model, evidence.images),
        )
        for target in targets
    ]


def proven_reading(manifest: Manifest) -> Reading:
    """How the model was understood when the artifacts were made from it."""
    model = manifest.model
    return Reading(model.get("scale", RAW.name), model.get("output"), tuple(model["labels"]))


def demand_proven_dataset(manifest: Manifest, dataset: Dataset) -> None:
    """Fail if a dataset isn't the one that the artifacts were compared on.

    Raises:
        DataError: If it is another.
    """
    if dataset.sha256 != manifest.dataset["sha256"]:
        raise DataError(
            f"expected the dataset '{manifest.dataset['name']}' that the manifest names, found "
            f"'{dataset.name}' with another content: name it with --data"
        )


def find_page_runtime(out: Path, targets: Sequence[Target], folder: Path) -> Path:
    """The runtime file that the page ships; built into `folder` where no site was built, or it is gone."""
    models = [out / target.path for target in targets if is_graph_model(target)]
    if not models:
        return folder  # which no engine opens
    return runtime_file(out / FOLDER) or build_runtime(folder, models)


def _prove_in(
    browser: Browser, targets: Sequence[Target], out: Path, reference: ReferenceModel, page_runtime: Path
) -> Iterator[tuple[Target, tuple[Run, ...]]]:
    """Run every artifact in its runtimes in a browser."""
    title = f"comparing them in {browser.name}"
    with stage(title, total=len(targets)) as step, open_page(page_runtime, browser) as page:
        for target in targets:
            there = replace(target, engines=browser_parity.engines_in(page, target))
            yield target, prove(there, out / target.path, reference.evidence, page_runtime).runs
            step()


def _with_runs(artifact: Artifact, more: tuple[Run, ...]) -> Artifact:
    return replace(artifact, parity=replace(artifact.parity, runs=artifact.parity.runs + more))
