"""Prove artifacts: run each in the runtimes of its users and compare it with the reference model."""

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from export.errors import IntegrityError, ParityError, RunError
from export.parity.compare import compare, hardest
from export.parity.evidence import Evidence
from export.parity.predictions import EVERYTHING, Inputs, Predictions
from export.parity.results import Artifact, Damage, IncomparableRun, ParityResult, Run, UnsupportedRun
from export.parity.widen import widen, with_mean
from export.runtimes import memory
from export.runtimes.process import processes
from export.target import Budget, Engine, Target
from train.console.interrupts import if_interrupted

# Of what a further engine runs, the part that is probes.
PROBES = 0.1
# By a further engine in all: as many as it takes for a thousand pictures and a CNN like the default one, a
# minute in TF.js's plain JavaScript. A large network leaves fewer pictures, but not fewer than these.
MOST_MULTIPLICATIONS = 6_000_000_000
LEAST_PICTURES = 30
LONGEST_WAIT_S = 1.0


def prove(target: Target, artifact: Path, evidence: Evidence, page_runtime: Path) -> ParityResult:
    """Run an artifact in each of its engines and compare it with the reference model.

    The first engine runs every image and every probe. Each further one runs those that are hardest for the
    first, of a large network fewer; its predictions for them, and the first's for all others, are within the
    same budget.

    Args:
        target: What kind of exported model it is.
        artifact: Where it lies.
        evidence: What it is compared with.
        page_runtime: The runtime file that the page ships.

    Returns:
        The verdict. An artifact that an engine can't run fails, or is reported as unsupported where the
        engine isn't required; neither is an exception.
    """
    first, *others = target.engines
    with memory.for_proof(artifact):
        found = [_run(first, target, artifact, evidence, page_runtime)]
        if isinstance(found[0], Predictions):
            found += [_run(one, target, artifact, evidence, page_runtime, found[0]) for one in others]
    verdict = _judge(found, target, evidence, with_mean(target.budget, evidence))
    return verdict if verdict.passed else _judge(found, target, evidence, widen(target.budget, evidence))


def _judge(
    found: Sequence[Predictions | Run], target: Target, evidence: Evidence, budget: Budget
) -> ParityResult:
    """Compare the predictions of each engine by a budget."""
    first = found[0]
    runs: list[Run] = []
    for engine, one in zip(target.engines, found, strict=False):
        if isinstance(one, Predictions):
            of_first = first if runs and isinstance(first, Predictions) else None
            one = compare(evidence, one, engine.describe(), budget, of_first)
        runs.append(one)
    return ParityResult(tuple(runs[:1] if isinstance(runs[0], IncomparableRun) else runs), budget)


def _run(
    engine: Engine,
    target: Target,
    artifact: Path,
    evidence: Evidence,
    page_runtime: Path,
    first: Predictions | None = None,
) -> Predictions | Run:
    """Run an artifact in an engine, a further one on what is hardest by the first one's predictions."""
    inputs = EVERYTHING if first is None else _hardest_inputs(evidence, first, engine.hardest)
    images, probes = evidence.images[inputs.images], evidence.probes[inputs.probes]
    try:
        found = engine.run(artifact, np.concatenate([images, probes, images[:1]]), page_runtime)
    except RunError as error:
        # The artifact may lie in a temporary folder, until all are proven.
        reason = str(error).replace(str(artifact), target.path)
        if engine.required:
            return IncomparableRun(engine.describe(), len(images), reason)
        return UnsupportedRun(engine.describe(), reason)
    return Predictions(found[: len(images)], found[len(images) : -1], found[-1:], inputs)


def _hardest_inputs(evidence: Evidence, first: Predictions, most: int) -> Inputs:
    affordable = MOST_MULTIPLICATIONS // max(evidence.multiplications, 1)
    count = min(most, max(affordable, LEAST_PICTURES))
    return Inputs(
        hardest(evidence.reference, first.of_images, count),
        hardest(evidence.probe_reference, first.of_probes, math.ceil(PROBES * count)),
    )


@contextmanager
def proof_pool() -> Iterator[ThreadPoolExecutor]:
    """A pool for `prove`, which mostly waits for its runtimes' processes.

    Left by an exception it ends those processes and cancels what hasn't begun.
    """
    # More than there are cores: those that take longest then run beside all others, none alone at the end.
    pool = ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))
    with pool, if_interrupted(processes.stop_for_good):
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.stop()
            raise


def gather_proofs(
    proofs: Mapping[Future[ParityResult], Target], step: Callable[[], None]
) -> dict[Target, ParityResult]:
    """Wait for every proof; call `step` after each."""
    results = {}
    waiting = set(proofs)
    while waiting:  # with an end to each wait: on Windows Ctrl-C is handled only after it
        done, waiting = wait(waiting, timeout=LONGEST_WAIT_S, return_when=FIRST_COMPLETED)
        for proof in done:
            results[proofs[proof]] = proof.result()
            step()
    return results


def demand_parity(artifacts: Sequence[Artifact], damaged: Sequence[Damage]) -> None:
    """Fail if an artifact is past its budget, or not the one that was proven.

    Args:
        artifacts: With their verdicts.
        damaged: Files that aren't those that were proven.

    Raises:
        ParityError: If one is past its budget.
        IntegrityError: If none is, but files are damaged.
    """
    past = [
        f"{artifact.target.name}: {artifact.parity.failures[0]}"
        for artifact in artifacts
        if not artifact.parity.passed
    ]
    files = ", ".join(map(str, damaged))
    if past:
        raise ParityError(
            f"expected every artifact within its parity budget, found {len(past)} past it: "
            f"{'; '.join(past)}{'; damaged: ' if files else ''}{files}"
        )
    if files:
        raise IntegrityError(
            f"expected the files that were proven, found {files}: build them again with python -m export all"
        )
