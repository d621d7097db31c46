"""Whatever is in a manifest, a contract or a pair of answers: an InkproofError, or what it says."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from export.errors import InkproofError
from export.manifest import NAME, read_manifest, verify
from export.parity.compare import compare, not_clear_cut
from export.results import ComparedRun
from export.target import Budget
from train.contract import InputContract

BUDGET = Budget(1e-5, 1.0, 0.0, max_logit_diff=1e-3)
ROUNDED = Budget(None, 0.995, 0.002, quantization_levels=256)
FILE = {"path": "model.h5", "bytes": 3, "sha256": "0" * 64}
GOOD: dict[str, Any] = {
    "schema_version": 1,
    "model": FILE,
    "contract": InputContract().to_json(),
    "dataset": {"name": "mnist", "sha256": ""},
    "reference": {"accuracy": 1.0},
    "versions": {},
    "targets": [{"name": "tflite-int8", "files": [FILE]}],
    "site": [FILE],
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def judged(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, NAME).write_bytes(content)
        with pytest.raises(InkproofError):
            verify(Path(folder))


@given(st.binary(max_size=60))
def test_any_bytes_for_a_manifest_are_refused(content: bytes) -> None:
    judged(content)


@given(values)
def test_any_json_for_a_manifest_is_refused(value: object) -> None:
    judged(json.dumps(value).encode())


@given(st.sampled_from(sorted(GOOD)), values)
def test_any_value_in_a_manifest_is_refused_or_found_to_name_no_file(key: str, value: object) -> None:
    judged(json.dumps({**GOOD, key: value}).encode())


@given(st.sampled_from(sorted(FILE)), values)
def test_any_value_in_a_file_record_is_refused_too(key: str, value: object) -> None:
    judged(json.dumps({**GOOD, "site": [{**FILE, key: value}]}).encode())


@given(st.text(min_size=1, max_size=30))
def test_no_path_in_a_manifest_leads_out(path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, NAME).write_text(json.dumps({**GOOD, "site": [{**FILE, "path": path}]}))
        try:
            manifest = read_manifest(Path(folder))
        except InkproofError:
            return
        for record in manifest.records():
            inside = Path(folder).resolve()
            assert (inside / record.path).resolve().is_relative_to(inside)


@given(
    *(st.integers(1, 4000) for _ in range(4)),
    st.floats(0, 1),
    st.lists(st.text(max_size=9), min_size=1, max_size=20),
)
def test_a_contract_survives_json(
    height: int, width: int, channels: int, box: int, centre: float, labels: list[str]
) -> None:
    contract = InputContract(height, width, channels, box, centre, labels=tuple(labels))
    assert InputContract.from_json(json.loads(json.dumps(contract.to_json()))) == contract


@given(st.dictionaries(st.text(max_size=9), values, max_size=8))
def test_any_other_fields_for_a_contract_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected the contract's fields"):
        InputContract.from_json(fields)


probabilities = arrays(np.float32, (12, 4), elements=st.floats(2**-7, 1, width=32)).map(
    lambda a: (a / a.sum(axis=1, keepdims=True)).astype(np.float32)
)


@given(probabilities)
def test_a_copy_that_is_the_original_passes(reference: np.ndarray) -> None:
    labels = reference.argmax(axis=1).astype(np.uint8)
    for budget in (BUDGET, ROUNDED):
        assert compare(reference, reference.copy(), labels, "", budget).failures == ()


@given(probabilities, probabilities)
def test_what_passes_is_within_its_budget(reference: np.ndarray, found: np.ndarray) -> None:
    labels = reference.argmax(axis=1).astype(np.uint8)
    run = compare(reference, found, labels, "", BUDGET)
    assert bool(run.failures) == (
        np.abs(found.astype(float) - reference).max() > 1e-5
        or run.max_logit_diff > 1e-3  # type: ignore[operator]
        or run.top1_agreement < 1  # type: ignore[operator]
        or run.accuracy < 1  # type: ignore[operator]
    )
    tied = (reference == reference.max(axis=1, keepdims=True)).sum(axis=1) > 1
    assert run.ties == int(tied.sum())


@given(probabilities, st.integers(2, 2**16))
def test_more_levels_decide_no_less(reference: np.ndarray, levels: int) -> None:
    assert not (not_clear_cut(reference, levels + 1) & ~not_clear_cut(reference, levels)).any()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(arrays(st.sampled_from(["f4", "f8", "i4", "u1", "?", "c8"]), array_shapes(max_dims=3, max_side=13)))
def test_answers_of_any_kind_and_shape_are_judged(found: np.ndarray) -> None:
    reference = np.full((12, 4), 0.25, np.float32)
    run = compare(reference, found, np.zeros(12, np.uint8), "", BUDGET)  # type: ignore[arg-type]
    fits = found.shape == reference.shape and found.dtype.kind == "f" and bool(np.isfinite(found).all())
    assert isinstance(run, ComparedRun) == fits
    assert fits or run.failures
