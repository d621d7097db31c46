"""Whatever is in a manifest: an InkproofError, or what it says."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.errors import InkproofError, IntegrityError, ManifestError
from export.manifest import NAME, Manifest, read_manifest, verify
from train.contract import InputContract

CONTENT = b"abc"
FILE = {"path": "model.h5", "bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
KIT: dict[str, Any] = {
    "name": "c",
    "title": "C",
    "variants": [],
    "done": "ran",
    "how": "",
    "max_abs_diff": None,
}
GOOD = Manifest(
    model=FILE,
    contract=InputContract().to_json(),
    dataset={"name": "mnist", "sha256": ""},
    reference={"accuracy": 1.0},
    versions={},
    targets=[{"name": "tflite-int8", "files": [FILE]}],
    site=[FILE],
    reports=[FILE],
    kits=[{**KIT, "files": [FILE]}],
    training=[FILE],
)
NAMING_FILES = ("model", "targets", "site", "reports", "kits", "training")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@contextmanager
def written(content: bytes | Manifest) -> Iterator[Path]:
    """A folder with the one file that GOOD names and this manifest, sealed as `Manifest.write` does it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.h5").write_bytes(CONTENT)
        if isinstance(content, Manifest):
            content.write(folder)
        else:
            (folder / NAME).write_bytes(content)
        yield folder


def test_what_the_properties_begin_from_is_whole() -> None:
    with written(GOOD) as folder:
        assert verify(folder) == len(NAMING_FILES)
        (folder / "model.h5").unlink()
        with pytest.raises(IntegrityError, match=r"model\.h5"):
            verify(folder)


@given(st.binary(max_size=60))
def test_any_bytes_for_a_manifest_are_refused(content: bytes) -> None:
    with written(content) as folder, pytest.raises(ManifestError):
        verify(folder)


@given(values)
def test_any_json_for_a_manifest_is_refused(value: object) -> None:
    with written(json.dumps(value).encode()) as folder, pytest.raises(ManifestError):
        verify(folder)


@given(st.sampled_from(sorted(asdict(GOOD))), values)
def test_any_value_in_a_manifest_is_refused_or_names_no_file(key: str, value: object) -> None:
    changed: dict[str, Any] = {key: value}
    with written(replace(GOOD, **changed)) as folder:
        try:
            found = verify(folder)
        except InkproofError:
            assert key in NAMING_FILES
        else:
            assert found == len(NAMING_FILES) - (key in NAMING_FILES)


@given(st.sampled_from(sorted(FILE)), values)
def test_any_value_in_a_file_record_is_refused_unless_it_is_the_files_own(key: str, value: object) -> None:
    with written(replace(GOOD, site=[{**FILE, key: value}])) as folder:
        if value == FILE[key]:
            assert verify(folder) == len(NAMING_FILES)
        else:
            with pytest.raises(InkproofError):
                verify(folder)


def test_no_path_in_a_manifest_leads_out() -> None:
    found: Counter[str] = Counter()

    @given(
        st.text(min_size=1, max_size=30) | st.lists(st.sampled_from(["..", "/", "\\", "a", "."])).map("".join)
    )
    def check(path: str) -> None:
        with written(replace(GOOD, site=[{**FILE, "path": path}])) as folder:
            try:
                manifest = read_manifest(folder)
            except ManifestError:
                found["refused"] += 1
                return
            found["read"] += 1
            inside = folder.resolve()
            for record in manifest.records():
                assert (inside / record.path).resolve().is_relative_to(inside)

    check()
    assert min(found["refused"], found["read"]) > 10


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
