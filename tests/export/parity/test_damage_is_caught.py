"""Budgets that mean something: faithful exports of many kinds of models pass, damaged ones fail."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from export.parity.prove import prove
from export.parity.results import ParityResult
from export.pipeline.reference_model import ReferenceModel
from export.reference.open_source import open_source
from export.runtimes import litert
from export.runtimes.node import install_packages
from export.target import Engine, Target
from export.targets import named_targets
from tests.export.parity.trained_models import DAMAGES, MODELS
from tests.often import often

# In this process, which is as true and quicker.
LITERT = Engine(lambda: "litert", lambda artifact, images, _: litert.open_model(artifact)(images), "litert")
TFLITE = [
    replace(target, engines=(LITERT,)) for target in named_targets([]) if target.name.startswith("tflite")
]
(GRAPH,) = named_targets(["tfjs-graph"])


# Grey models have no channels to exchange.
PAIRS = [
    pytest.param(name, damage, marks=() if name == "colour" else pytest.mark.slow)
    for name in MODELS
    for damage in DAMAGES
    if damage != "channels" or name in ("colour", "mixed precision")
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], ReferenceModel]:
    """Each model by its name, trained once for all its damages."""
    return cache(lambda name: MODELS[name].fit(tmp_path_factory.mktemp("reference")))


@pytest.fixture
def reference(request: pytest.FixtureRequest, trained: Callable[[str], ReferenceModel]) -> ReferenceModel:
    return trained(request.param)


def verdicts(
    reference: ReferenceModel, targets: list[Target], folder: Path, damage: str | None = None
) -> dict[str, ParityResult]:
    """Export a model, damaged beforehand or not, and compare with the undamaged one."""
    model = reference.adaptation.inference_model(reference.model)
    if damage:
        DAMAGES[damage](model)
    source = open_source(model, reference.dataset, folder / "saved_model")
    found = {}
    for target in targets:
        target.convert(source, folder / target.path)
        found[target.name] = prove(target, folder / target.path, reference.evidence, folder)
    return found


@pytest.mark.integration
@pytest.mark.parametrize(
    "reference", often(MODELS, lambda name: name in ("colour", "on grey levels")), indirect=True
)
def test_faithful_exports_pass(reference: ReferenceModel, tmp_path: Path) -> None:
    found = verdicts(reference, TFLITE, tmp_path)
    assert {name: verdict.failures for name, verdict in found.items() if not verdict.passed} == {}


@pytest.mark.integration
@pytest.mark.parametrize(("reference", "damage"), PAIRS, indirect=["reference"])
def test_damaged_exports_fail(damage: str, reference: ReferenceModel, tmp_path: Path) -> None:
    found = verdicts(reference, TFLITE, tmp_path, damage)
    assert [name for name, verdict in found.items() if verdict.passed] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reference", "damage"), [*((name, None) for name in MODELS), *PAIRS], indirect=["reference"]
)
def test_the_same_goes_for_graph_models(
    damage: str | None, reference: ReferenceModel, tmp_path: Path
) -> None:
    install_packages()
    engines = GRAPH.engines[:1]  # the page's own runtime is none of these models'
    (found,) = verdicts(reference, [replace(GRAPH, engines=engines)], tmp_path, damage).values()
    assert found.passed == (damage is None), found.failures
