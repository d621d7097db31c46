"""An .npz that is damaged or hostile: one line for whatever a file can be."""

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.train.data.npz_files import GOOD, GREY, LABELS, SCALED, npy, refusal, saved
from train.data.npz import MOST_BYTES, read_npz
from train.data.splits import ARRAYS
from train.errors import DataError


class Bomb:
    """Makes a file if it is ever unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_missing_file(tmp_path):
    assert "found no file" in refusal(tmp_path / "none.npz")


def test_folder(tmp_path):
    refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "damaged"),
        (b"not a dataset\n", "damaged"),
        (b"PK\x03\x04", "damaged"),
        (npy(GREY), "found a single array: save"),
        (b"\x89HDF\r\n\x1a\n", "found an HDF5 file: save"),
        (b"\x1f\x8b\x08", "found a gzip archive: "),
        (b"<!DOCTYPE html>", "found a web page: "),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ],
)
def test_no_zip(tmp_path, content, found):
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    assert found in refusal(path)


def test_zip_of_pictures(tmp_path):
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pets/cat/1.jpg", b"")
    assert "found other files, such as pets/cat/1.jpg: unpack it" in refusal(path)


@pytest.mark.parametrize("fraction", [0.01, 0.25, 0.5, 0.9, 0.999])
def test_truncated(tmp_path, fraction):
    path = saved(tmp_path / "short.npz")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * fraction)])
    assert "damaged" in refusal(path)


def test_damaged_array(tmp_path):
    path = tmp_path / "flipped.npz"
    np.savez(path, **GOOD)
    content = bytearray(path.read_bytes())
    content[content.index(GREY.tobytes())] ^= 1
    path.write_bytes(content)
    assert "CRC" in refusal(path)


def test_array_cut_short_in_a_sound_zip(tmp_path):
    path = tmp_path / "short.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in GOOD.items():
            archive.writestr(f"{name}.npy", npy(array)[:-10] if name == "x_test" else npy(array))
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("name", ARRAYS)
def test_missing_array_is_named_with_those_found(tmp_path, name):
    path = tmp_path / "few.npz"
    np.savez(path, **{other: array for other, array in GOOD.items() if other != name}, weights=GREY)
    message = refusal(path)
    found = message.split("found")[1]
    assert "weights" in found
    assert name not in found


def test_empty_archive(tmp_path):
    np.savez(tmp_path / "empty.npz")
    assert "found nothing" in refusal(tmp_path / "empty.npz")


@pytest.mark.parametrize("images", [GREY[0, 0], np.uint8(3), GREY[:, :0]])
def test_images_of_wrong_rank(tmp_path, images):
    assert f"found {images.shape}: reshape it" in refusal(saved(tmp_path / "rank.npz", x_train=images))


def test_a_split_without_pictures_may_be_left_out(tmp_path):
    message = refusal(saved(tmp_path / "one.npz", x_test=GREY[:0], y_test=LABELS[:0]))
    assert "expected pictures in x_test of " in message
    assert "leave it and its labels out" in message
    np.savez(tmp_path / "left.npz", x_train=GREY, y_train=LABELS)
    assert len(read_npz(tmp_path / "left.npz").arrays["x_test"]) > 0


@pytest.mark.parametrize("labels", [LABELS[:11], LABELS[:0], np.uint8(1), np.append(LABELS, LABELS)])
def test_labels_of_wrong_length(tmp_path, labels):
    message = refusal(saved(tmp_path / "labels.npz", y_train=labels))
    assert "12 labels" in message
    assert f"found the shape {labels.shape}" in message


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        *((name, dtype) for name in ARRAYS for dtype in ("complex64", "m8[s]")),
        ("x_train", "U3"),
        ("x_test", "S3"),
    ],
)
def test_what_are_no_numbers(tmp_path, name, dtype):
    message = refusal(saved(tmp_path / "kind.npz", **{name: GOOD[name].astype(dtype)}))
    assert f"expected numbers in {name}" in message


@pytest.mark.parametrize("name", ["x_train", "x_test"])
@pytest.mark.parametrize("outlier", [-1, 256])
def test_out_of_range(tmp_path, name, outlier):
    wide = GOOD[name].astype(np.int16)
    wide.flat[3] = outlier
    message = refusal(saved(tmp_path / "range.npz", **{name: wide}))
    assert name in message
    assert str(outlier) in message.split("found")[1]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["x_train", "x_test"])
def test_pixels_that_are_no_numbers(tmp_path, name, number):
    broken = GOOD[name] / np.float32(255)
    broken[3, 2, 1] = number
    message = refusal(saved(tmp_path / "nan.npz", **(SCALED | {name: broken})))
    assert f"expected numbers as pixels in {name}" in message


@pytest.mark.parametrize("name", ARRAYS)
def test_pickle_is_never_run(tmp_path, name):
    path, trace = tmp_path / "bomb.npz", tmp_path / "was run"
    saved(path, **{name: np.array([Bomb(trace)], dtype=object)})
    assert "pickles are never loaded" in refusal(path)
    assert not trace.exists()
    with np.load(path, allow_pickle=True) as arrays:  # the bomb is live
        arrays[name]
    assert trace.exists()


def test_bare_pickle_is_never_run(tmp_path):
    path, trace = tmp_path / "pickle.npz", tmp_path / "was run"
    path.write_bytes(__import__("pickle").dumps(Bomb(trace)))
    refusal(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    "shape", [(10**12,), (1_000_000, 1000, 1000), (2**40, 2**40), (MOST_BYTES + 1, 1, 1)]
)
def test_claim_of_a_huge_array_is_refused_unread(tmp_path, shape):
    path = tmp_path / "huge.npz"
    header = str({"descr": "|u1", "fortran_order": False, "shape": shape}).ljust(117).encode() + b"\n"
    claim = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in GOOD.items():
            archive.writestr(f"{name}.npy", claim if name == "x_train" else npy(array))
    assert f"a claim of {np.prod(shape, dtype=object):,}" in refusal(path)


def test_any_damage_is_a_data_error(tmp_path):
    """Bytes flipped anywhere: zlib, zipfile and NumPy each have errors of their own for it."""
    path = saved(tmp_path / "flipped.npz")
    content, rng = path.read_bytes(), np.random.default_rng(0)
    refused = 0
    for place in rng.integers(len(content), size=800):
        flipped = bytearray(content)
        flipped[place] ^= rng.integers(1, 256)
        path.write_bytes(flipped)
        try:
            read_npz(path)
        except DataError:
            refused += 1
    assert refused > 400


@pytest.mark.parametrize("header", ["{'shape': (12, 4,", "{b'a': 1, 'c': 2, 3: 4}", "12L"])
def test_header_that_makes_no_sense(tmp_path, header):
    path, text = tmp_path / "header.npz", header.ljust(117).encode() + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in GOOD.items():
            odd = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
            archive.writestr(f"{name}.npy", odd if name == "x_train" else npy(array))
    assert "damaged" in refusal(path)


def test_member_without_ending_takes_nothings_place(tmp_path):
    """NumPy looks for the bare name first, which no check has seen."""
    path = saved(tmp_path / "twice.npz")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_train", b"other")
    np.testing.assert_array_equal(read_npz(path).arrays["x_train"], GREY)
