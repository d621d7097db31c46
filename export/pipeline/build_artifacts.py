"""Convert the model to every target, and prove the artifacts that are ready in the meantime."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import asdict
from pathlib import Path

from export.errors import ConversionError
from export.manifest import record_all
from export.parity.layer_drift import explained
from export.parity.prove import gather_proofs, proof_pool, prove
from export.parity.results import Artifact, ParityResult
from export.pipeline import cache_keys
from export.pipeline.reference_model import ReferenceModel
from export.pipeline.stage_cache import StageCache
from export.runtimes import memory
from export.runtimes.tflite_file import operations_of
from export.site import build as site
from export.target import Target
from train.console.progress import stage


def build_artifacts(
    targets: Sequence[Target], reference: ReferenceModel, cache: StageCache
) -> tuple[list[Artifact], dict[Target, str]]:
    """Convert one target after the other, and prove those that are ready in the meantime.

    Args:
        targets: What to build.
        reference: What it is made from and compared with.
        cache: What of it an earlier run has left, and where artifacts and the page's runtime go.

    Returns:
        The artifacts in the order of the targets, each with its verdict; and why the model can't be exported
        to the other targets.
    """
    staged, wanted = cache.staged, targets
    unsupported = _known_unsupported(wanted, cache)
    targets = [target for target in wanted if target not in unsupported]
    stale = [
        target
        for target in targets
        if not cache.reuse(target.name, [target.path, f"{target.path}/*"], cache_keys.conversion(target))
    ]
    if stale:
        reference.read_all()
    for_page = [target for target in targets if site.is_graph_model(target)]
    others = [target for target in targets if target not in for_page]
    with proof_pool() as pool:
        verdicts = _Verdicts(pool, reference, cache)
        with stage(f"converting to {len(stale)} targets", total=len(stale)) as step:
            # Graph models before any proof begins: while one is traced, TensorFlow runs all functions of this
            # process eagerly, and what a proof measures of the reference model would differ in the last bit.
            for target in [*for_page, *others]:
                if target in stale:
                    reason = _convert(target, reference, staged)
                    if reason:
                        unsupported[target] = reason
                        cache.forget(target.name)
                    step()
                if target in others and target not in unsupported:
                    verdicts.begin(target, staged)  # whose engines don't use the page's runtime
            for_page = [target for target in for_page if target not in unsupported]
            page_runtime = _page_runtime(for_page, cache)
            for target in for_page:
                verdicts.begin(target, page_runtime)
        title = f"comparing {verdicts.pending} exported models with the reference model"
        with stage(title, total=verdicts.pending) as step:
            if verdicts.pending:
                _ = reference.on_drawings  # for the model card, while other processes work
            found = verdicts.gather(step)
    artifacts = [_artifact(target, staged, found[target]) for target in targets if target in found]
    return artifacts, {target: unsupported[target] for target in wanted if target in unsupported}


def _artifact(target: Target, staged: Path, verdict: ParityResult) -> Artifact:
    path = staged / target.path
    operations = operations_of(path.read_bytes()) if path.suffix == ".tflite" else None
    return Artifact(target, record_all(path, staged), verdict, operations)


def _known_unsupported(targets: Sequence[Target], cache: StageCache) -> dict[Target, str]:
    """Why the model can't be exported to some of the targets, as far as an earlier run has found it."""
    if not cache.reuse("support", [], [cache_keys.conversion(target) for target in targets]):
        return {}
    known = {entry["name"]: entry["reason"] for entry in cache.entries("unsupported")["unsupported"]}
    return {target: known[target.name] for target in targets if target.name in known}


def _convert(target: Target, reference: ReferenceModel, staged: Path) -> str | None:
    """Convert the model to a target; return why it can't be, None where it was."""
    with memory.for_work_on(reference.weights):
        try:
            reason = target.refusal(reference.source)
            if not reason:
                target.convert(reference.source, staged / target.path)
        except ConversionError as error:
            return str(error)
    return reason


class _Verdicts:
    """Verdicts on artifacts: those that an earlier run has left, and those that are being found in a pool."""

    def __init__(self, pool: Executor, reference: ReferenceModel, cache: StageCache) -> None:
        self._pool, self._reference, self._cache = pool, reference, cache
        self._reused: dict[Target, ParityResult] = {}
        self._proofs: dict[Future[ParityResult], Target] = {}

    def begin(self, target: Target, page_runtime: Path) -> None:
        """Reuse the verdict on an artifact that was converted, or have it found."""
        path = self._cache.staged / target.path
        read = cache_keys.proof(target, record_all(path, self._cache.staged), page_runtime)
        if self._cache.reuse(f"{target.name} parity", [], read):
            self._reused[target] = self._cache.verdict(target)
        else:
            proof = self._pool.submit(prove, target, path, self._reference.evidence, page_runtime)
            self._proofs[proof] = target

    @property
    def pending(self) -> int:
        """How many had to be found."""
        return len(self._proofs)

    def gather(self, step: Callable[[], None]) -> dict[Target, ParityResult]:
        """Wait for every verdict; call `step` after each."""
        found = gather_proofs(self._proofs, step)
        for target, result in found.items():
            path, images = self._cache.staged / target.path, self._reference.evidence.images
            found[target] = explained(result, path, self._reference.inference_model, images)
        return self._reused | found


def _page_runtime(models: Sequence[Target], cache: StageCache) -> Path:
    """The page's runtime, which is cut to the models' operations: built, unless it was for these models."""
    staged, page = cache.staged, cache.staged / site.FOLDER
    if not models:
        return page  # which no engine opens
    content = [asdict(file) for target in models for file in record_all(staged / target.path, staged)]
    read = [content, cache_keys.page()]
    reused = cache.reuse("runtime", [f"{site.FOLDER}/runtime-*.js"], read)
    found = site.runtime_file(page) if reused else None
    return found or site.build_runtime(page, [staged / target.path for target in models])
