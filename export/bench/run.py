"""Measure every exported model in each of its runtimes, round by round, and report it."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from export import manifest as manifests
from export.bench.statistics import Figures, Measurement, summarize
from export.bench.subjects import (
    REFERENCE,
    Subject,
    exported_models,
    exported_models_in_browser,
    reference_model,
)
from export.bench.tables import print_table, section
from export.errors import ManifestError, RunError
from export.manifest import Manifest
from export.pipeline.check import demand_proven_dataset, find_page_runtime
from export.report import sections
from export.runtimes.browser import open_page
from export.runtimes.browsers.chromium import BROWSER as CHROMIUM
from export.runtimes.node import install_packages, run_script
from export.targets import all_targets
from train.console.progress import stage
from train.console.say import warn
from train.data.dataset import locate_dataset
from train.model_file.model_file import ModelFile
from train.output.staging import staging

SECTION = "bench"
BATCH = 250
SIZES = Path(__file__).with_name("sizes.mjs")


def bench(out: Path, data: str | None, *, baseline: str, rounds: int, browser: bool) -> list[Figures]:
    """Measure all artifacts of the manifest; write `bench.json`, and the figures into the reports.

    Each measurement is a process of its own. In each round all take their turn, so that a noisy machine
    disturbs all alike.

    Args:
        out: The output folder.
        data: See `train.data.dataset.find_dataset`; it must be the dataset that the manifest names.
        baseline: The target that the others are compared with, in its first runtime; `original` for the
            reference model.
        rounds: How often each is measured.
        browser: In Chromium, too.

    Raises:
        IntegrityError: If a file isn't the one that was proven.
        ModelError: If the reference model's file can't be read safely.
        BrowserError: If `browser` is set and there is none.
        InkproofError: If it can't be done.
    """
    if browser:
        CHROMIUM.demand()
    with staging(out) as staged:
        manifest = _sound_manifest(out, baseline)
        model = ModelFile.take(out / manifest.model_file.path, staged)
        with stage("reading the dataset"):
            dataset = locate_dataset(data).read(tuple(manifest.model["input_shape"]))
        demand_proven_dataset(manifest, dataset)
        images = dataset.test.images[:BATCH]
        install_packages()
        targets = [target for target in all_targets() if target.name in manifest.target_names]
        with ExitStack() as stack:
            page_runtime = find_page_runtime(out, targets, staged)
            subjects = [reference_model(model, manifest, images)]
            subjects += exported_models(out, targets, images, page_runtime)
            if browser:
                page = stack.enter_context(open_page(page_runtime, CHROMIUM))
                subjects += exported_models_in_browser(out, targets, images, page)
            # A target's runtimes stand together, the first of them first.
            order = [REFERENCE, *(target.name for target in targets)]
            measurements = _measure(sorted(subjects, key=lambda one: order.index(one.target)), rounds)
        figures = list(_figures(out, manifest, measurements, baseline))
        content = {
            "schema_version": 1,
            "baseline": baseline,
            "rounds": rounds,
            "batch": len(images),
            "subjects": [asdict(one) for one in figures],
        }
        files = {sections.BENCH: json.dumps(content, indent=1) + "\n"}
        shown = section(figures, baseline, rounds, len(images))
        sections.publish(out, staged, manifest, SECTION, shown, files)
    print_table(figures, baseline)
    return figures


def _sound_manifest(out: Path, baseline: str) -> Manifest:
    """The manifest, if all that the measuring needs is there and whole."""
    manifest = manifests.read_manifest(out)
    manifests.demand_entries(out, manifest)
    known = (REFERENCE, *manifest.target_names)
    if baseline not in known:
        raise ManifestError(
            f"expected one of {', '.join(known)}, found {baseline}: name one of them with --baseline"
        )
    manifests.demand_whole(out, manifests.damaged_files(out, manifest))
    sections.demand_place(out, SECTION)
    return manifest


def _measure(subjects: Sequence[Subject], rounds: int) -> dict[Subject, list[Measurement]]:
    """The measurements of each subject that runs, round by round."""
    measurements: dict[Subject, list[Measurement]] = {subject: [] for subject in subjects}
    title = f"measuring {len(subjects)} times {rounds}"
    with stage(title, total=rounds * len(subjects)) as step:
        for _ in range(rounds):
            for subject in list(measurements):
                try:
                    measurements[subject].append(subject.measure())
                except RunError as error:
                    if subject.required:
                        raise
                    del measurements[subject]
                    warn(f"left out: {error}")
                step()
    return measurements


def _figures(
    out: Path, manifest: Manifest, measurements: Mapping[Subject, list[Measurement]], baseline: str
) -> Iterator[Figures]:
    compared = next(found for subject, found in measurements.items() if subject.target == baseline)
    accuracies = {target["name"]: target["parity"]["accuracy"] for target in manifest.targets}
    accuracies[REFERENCE] = manifest.reference["accuracy"]
    sizes = {path: _sizes(out, path) for path in {subject.path for subject in measurements}}
    for subject, found in measurements.items():
        yield Figures(
            target=subject.target,
            runtime=subject.runtime,
            **sizes[subject.path],
            accuracy=accuracies[subject.target],
            **summarize(found, compared),
        )


def _sizes(out: Path, artifact: Path) -> dict[str, int]:
    """An artifact's size, as it is and compressed file by file."""
    records = manifests.record_all(artifact, out)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "sizes.json")
        run_script(
            [str(SIZES), str(result), *(str((out / record.path).absolute()) for record in records)],
            purpose=f"the files of {artifact} to be compressed",
            remedy="run it again",
        )
        compressed = json.loads(result.read_bytes())
    gzip, brotli = (sum(sizes) for sizes in zip(*compressed, strict=True))
    return {"bytes": sum(r.bytes for r in records), "gzip_bytes": gzip, "brotli_bytes": brotli}
