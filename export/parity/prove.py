"""Prove artifacts: run each in the runtimes of its users and compare it with the original."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from export.errors import IntegrityError, ParityError, RunError
from export.parity.compare import compare, compare_some, hardest
from export.parity.compare_probes import judged_on_probes
from export.parity.evidence import Evidence
from export.results import Artifact, ComparedRun, IncomparableRun, ParityResult, Run, UnsupportedRun
from export.runtimes import process
from export.target import Engine, Target
from export.types import Images, Probabilities
from train.console.interrupts import if_interrupted

HARDEST_PROBES = 100


def prove(target: Target, artifact: Path, evidence: Evidence, page_runtime: Path) -> ParityResult:
    """Run an artifact in each of its engines and judge it.

    The first engine runs every image. Each further one runs those that are hardest for the first, and is
    judged on its answers for those and the first's for all others, by the same budget. Each runs probes,
    too: the first all of them, a further one the hardest.

    Args:
        target: What kind of copy it is.
        artifact: Where it lies.
        evidence: What it is held against.
        page_runtime: The runtime file that the page ships.

    Returns:
        The verdict. An artifact that can't be run fails, or is refused where that wasn't promised; neither
        is an exception.
    """
    first, *others = target.engines
    beyond = evidence.beyond
    reference, labels, budget = evidence.reference, evidence.labels, target.budget
    try:
        found = _ask(first, artifact, evidence.images, evidence.probes, page_runtime)
    except RunError as error:
        return ParityResult((_not_run(first, len(labels), error),), budget)
    answers, of_probes, _ = found
    run = compare(reference, answers, labels, first.describe(), budget)
    if not isinstance(run, ComparedRun):
        return ParityResult((run,), budget)
    runs: list[Run] = [judged_on_probes(run, reference, evidence.probe_reference, found, budget, beyond)]
    for engine in others:
        chosen = hardest(reference, answers, engine.hardest)
        probes = hardest(evidence.probe_reference, of_probes, min(HARDEST_PROBES, engine.hardest))
        try:
            found = _ask(engine, artifact, evidence.images[chosen], evidence.probes[probes], page_runtime)
        except RunError as error:
            runs.append(_not_run(engine, len(chosen), error))
            continue
        run = compare_some(reference, answers, chosen, found[0], labels, engine.describe(), budget)
        if isinstance(run, ComparedRun):
            run = judged_on_probes(
                run, reference, evidence.probe_reference[probes], found, budget, beyond[probes]
            )
        runs.append(run)
    return ParityResult(tuple(runs), budget)


def _ask(
    engine: Engine, artifact: Path, images: Images, probes: Images, page_runtime: Path
) -> tuple[Probabilities, Probabilities, Probabilities]:
    """An engine's answers for images, for probes, and for the first image once more, run alone."""
    found = engine.run(artifact, np.concatenate([images, probes, images[:1]]), page_runtime)
    return found[: len(images)], found[len(images) : -1], found[-1:]


def _not_run(engine: Engine, samples: int, error: RunError) -> Run:
    if engine.required:
        return IncomparableRun(engine.describe(), samples, str(error))
    return UnsupportedRun(engine.describe(), str(error))


@contextmanager
def proof_pool() -> Iterator[ThreadPoolExecutor]:
    """A pool for `prove`, which mostly waits for its runtimes' processes.

    Left by an exception it ends those processes and forgets what hasn't begun.
    """
    # More than there are cores: those that take longest then run beside all others, none alone at the end.
    pool = ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))
    with pool, if_interrupted(process.stop_for_good):
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            process.stop()
            raise


def gather_proofs(
    proofs: Mapping[Future[ParityResult], Target], step: Callable[[], None]
) -> dict[Target, ParityResult]:
    """Wait for every proof; call `step` after each."""
    results = {}
    for done in as_completed(proofs):
        results[proofs[done]] = done.result()
        step()
    return results


def demand_parity(artifacts: Sequence[Artifact], damaged: Sequence[str]) -> None:
    """Fail if an artifact is past its budget, or not the one that was proven.

    Args:
        artifacts: Built and judged.
        damaged: What is wrong with their files, a phrase each.

    Raises:
        ParityError: If one is past its budget.
        IntegrityError: If none is, but files are damaged.
    """
    past = [
        f"{artifact.target.name}: {artifact.parity.failures[0]}"
        for artifact in artifacts
        if not artifact.parity.passed
    ]
    files = f"; damaged: {', '.join(damaged)}" if damaged else ""
    if past:
        raise ParityError(
            f"expected every copy within its parity budget, found {len(past)} past it: "
            f"{'; '.join(past)}{files}"
        )
    if damaged:
        raise IntegrityError(
            f"expected the files that were proven, found {', '.join(damaged)}: "
            "build them again with python -m export all"
        )
