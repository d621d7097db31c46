"""The manifest: read back, refused when it isn't one, and compared with the files."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from export.errors import InkproofError, IntegrityError, ManifestError
from export.manifest import read_manifest, verify
from export.parity.entries import read_parity, target_entry
from export.parity.results import (
    Artifact,
    ComparedRun,
    IncomparableRun,
    ParityResult,
    Probing,
    Run,
    UnsupportedRun,
)
from export.target import Budget
from export.targets import all_targets
from tests.often import often

FIGURES = {
    **{"max_abs_diff": 0.5, "mean_abs_diff": 0.25, "top1_agreement": 0.75, "decided_agreement": 1.0},
    **{"undecided": 3, "ties": 2, "accuracy": 0.875, "max_logit_diff": 9.0, "mean_abs_error": None},
}
REST: dict[str, object] = {"refused": None, "samples": 8, "lost_classes": []}
PROBED = {
    **{"samples": 7, "max_logit_diff": 0.125, "decided_agreement": 0.5, "undecided": 6},
    "batch_diff": 0.0,
}
COMPARED = ("a", 8, 0.5, 0.25, 0.75, 1.0, 3, 2, 0.875, 9.0)
RUNS: dict[str, tuple[Run, dict[str, object]]] = {
    "compared": (
        ComparedRun(
            "a", 8, 0.5, 0.25, 0.75, 1.0, 3, 2, 0.875, 9.0, (4, 1), (), Probing(7, 0.125, 0.5, 6, 0.0)
        ),
        {**FIGURES, "failures": [], "worst": [4, 1], "probing": PROBED, **REST},
    ),
    "compared, but for the probes": (
        ComparedRun(*COMPARED, (4, 1), ("too far",)),
        {**FIGURES, "failures": ["too far"], "worst": [4, 1], "probing": None, **REST},
    ),
    "incomparable": (
        IncomparableRun("a", 8, "expected numbers"),
        {
            **dict.fromkeys([*FIGURES, "probing", "refused"]),
            **{"undecided": 0, "ties": 0, "failures": ["expected numbers"], "worst": [], "samples": 8},
            "lost_classes": [],
        },
    ),
    "unsupported": (
        UnsupportedRun("a", "no such operation"),
        {
            **dict.fromkeys([*FIGURES, "probing"]),
            **{"undecided": 0, "ties": 0, "failures": [], "worst": [], "samples": 0, "lost_classes": []},
            "refused": "no such operation",
        },
    ),
}


@pytest.mark.parametrize("kind", RUNS)
def test_a_run_is_written_with_the_keys_of_the_contract_and_read_back(kind: str) -> None:
    run, expected = RUNS[kind]
    budget = Budget(None, 1.0, 0.5, quantization_levels=256, noise=0.25)
    entry = json.loads(json.dumps(target_entry(Artifact(all_targets()[0], (), ParityResult((run,), budget)))))
    parity = entry["parity"]
    assert parity["runs"] == [{"runtime": "a", **expected}]
    assert parity["budget"] == {
        **{"max_abs_diff": None, "min_top1_agreement": 1.0, "max_accuracy_drop": 0.5, "levels": 256},
        **{"max_logit_diff": None, "saturates": False, "rounds_activations": False, "significand": 24},
        "output_step": 0.0,
        **{"noise": 0.25, "logit_range": 0.0, "max_mean_diff": None, "least": 1e-30},
    }
    of_first = {key: parity[key] for key in expected if key not in ("worst", "failures")}
    assert of_first == {key: value for key, value in expected.items() if key in of_first}
    assert parity["passed"] is not bool(parity["failures"])
    assert read_parity(entry) == ParityResult((run,), budget)


def test_every_file_that_was_written_is_answered_for(built: Path) -> None:
    on_disk = {file.relative_to(built).as_posix() for file in built.rglob("*") if file.is_file()}
    named = {record.path for record in read_manifest(built).records()}
    assert on_disk - named == {"manifest.json"}
    assert named <= on_disk
    assert verify(built) == len(named)


@pytest.mark.parametrize("every", often([False, True], lambda every: not every), ids=["one", "every"])
def test_a_flipped_bit_anywhere_in_any_file_is_found_and_named(copy: Path, every: bool) -> None:
    random = np.random.default_rng(5)
    for record in read_manifest(copy).records():
        path = copy / record.path
        good = path.read_bytes()
        bits = [0, 8 * len(good) - 1, *random.integers(0, 8 * len(good), 3)]
        for bit in bits if every else bits[-1:]:
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            path.write_bytes(bad)
            with pytest.raises(IntegrityError, match=re.escape(record.path)):
                verify(copy)
        path.write_bytes(good)
    verify(copy)


@pytest.mark.parametrize("every", often([False, True], lambda every: not every), ids=["one", "every"])
def test_a_truncated_file_is_found_and_named(copy: Path, every: bool) -> None:
    for record in read_manifest(copy).records():
        path = copy / record.path
        good = path.read_bytes()
        lengths = [0, 1, len(good) // 2, len(good) - 1]
        for length in lengths if every else lengths[-1:]:
            path.write_bytes(good[:length])
            with pytest.raises(IntegrityError, match=rf"{re.escape(record.path)} of {length} bytes instead"):
                verify(copy)
        path.write_bytes(good)
    verify(copy)


def test_the_manifest_answers_for_itself(copy: Path) -> None:
    path = copy / "manifest.json"
    good = path.read_bytes()
    for bit in np.random.default_rng(6).integers(0, 8 * len(good), 300):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bad)
        with pytest.raises(InkproofError):
            verify(copy)
    for length in (0, 1, len(good) // 2, len(good) - 1):
        path.write_bytes(good[:length])
        with pytest.raises(InkproofError):
            verify(copy)
    path.write_bytes(good.replace(b"tflite-int8", b"tflite-INT8"))
    with pytest.raises(IntegrityError, match=r"manifest\.json with another content"):
        verify(copy)


def test_missing_files_are_all_named(copy: Path) -> None:
    shutil.rmtree(copy / "tfjs" / "layers")
    (copy / "model.h5").unlink()
    with pytest.raises(IntegrityError, match=r"model\.h5 unreadable.*tfjs/layers/model\.json unreadable"):
        verify(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"schema_version": 1}', "\ud800"])
def test_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ManifestError, match="expected a manifest"):
        read_manifest(tmp_path)


def test_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="found no file"):
        verify(tmp_path)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("schema_version",), 2, "schema version"),
        (("targets",), 3, "found something else"),
        (("targets", 0, "files", 0, "path"), "../../etc/passwd", "paths within"),
        (("targets", 0, "files", 0, "path"), "/etc/passwd", "paths within"),
        (("model", "path"), "..\\secret", "paths within"),
        (("site", 0), {"path": "x"}, "found something else"),
        (("model",), None, "found something else"),
    ],
)
def test_a_damaged_one_is_refused(
    copy: Path, path: tuple[str | int, ...], value: object, complaint: str
) -> None:
    values = json.loads((copy / "manifest.json").read_bytes())
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    (copy / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(ManifestError, match=complaint) as caught:
        verify(copy)
    assert "\n" not in str(caught.value)
