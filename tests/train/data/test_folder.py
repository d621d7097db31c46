"""Pictures by class: decoded and resized as Keras does it, in a file, and one line for what is none."""

import os
import struct
import tempfile
import zlib

import numpy as np
import pytest

from tests.train.data.picture_folders import picture, save_pictures
from train.data.dataset import locate_dataset, open_dataset
from train.data.folder import _demand_room, decode_picture
from train.data.folder_index import folder_sha256
from train.errors import DataError, OutputError

pytestmark = pytest.mark.usefixtures("tensorflow")


def theirs(folder, shape, color_mode):
    """Pictures and labels by image_dataset_from_directory."""
    import keras

    found = keras.utils.image_dataset_from_directory(
        folder, image_size=shape, color_mode=color_mode, shuffle=False, verbose=False
    )
    images, labels = zip(*((x.numpy(), y.numpy()) for x, y in found), strict=True)
    return np.concatenate(images), np.concatenate(labels)


@pytest.mark.parametrize(
    ("wanted", "shape", "mode", "suffixes"),
    [
        (None, (256, 256), "rgb", ["png", "jpg", "bmp", "gif"]),
        ((20, 33, 3), (20, 33), "rgb", ["png", "jpg", "bmp", "gif"]),
        ((64, 64, 1), (64, 64), "grayscale", ["png", "jpg"]),
        ((64, 64, 4), (64, 64), "rgba", ["png"]),
    ],
)
def test_equal_to_keras(tmp_path, wanted, shape, mode, suffixes):
    for split in ("train", "test"):
        save_pictures(tmp_path / split, ["cat", "dog"], 8, suffixes)
    found = open_dataset(tmp_path, wanted)
    images, labels = theirs(tmp_path / "test", shape, mode)
    np.testing.assert_array_equal(found.test.labels, labels)
    assert found.test.images.dtype == np.uint8
    assert np.abs(found.test.images - images).max() <= 0.5
    assert found.label_names == ("cat", "dog")
    assert found.classes == 2


@pytest.mark.parametrize(
    ("side", "mode", "wanted", "shape"),
    [
        (28, "L", None, (28, 28, 1)),
        (28, "1", (None, None, 3), (28, 28, 3)),
        (32, "RGB", (None, None, None), (32, 32, 3)),
        (300, "RGB", None, (256, 256, 3)),
        (300, "L", (None, None, 3), (256, 256, 3)),
        (32, "RGB", (None, 20, 1), (32, 20, 1)),
    ],
)
def test_what_a_model_leaves_open_is_as_the_pictures_are(tmp_path, side, mode, wanted, shape):
    for number in range(8):
        path = tmp_path / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        picture(number, side, side).convert(mode).save(path)
    assert open_dataset(tmp_path, wanted).train.images.shape[1:] == shape


def test_splits_are_disjoint_and_complete(tmp_path):
    paths = save_pictures(tmp_path / "pets", ["cat", "dog", "hen"], 12)
    found = locate_dataset(str(tmp_path / "pets")).read((8, 8, 3))
    parts = (found.train, found.validation, found.test)
    assert [len(part) for part in parts] == [27, 2, 7]
    assert len({image.tobytes() for part in parts for image in part.images}) == len(paths)
    one = decode_picture(paths[0].read_bytes(), (8, 8, 3), paths[0]).tobytes()
    labels = [
        label
        for p in parts
        for image, label in zip(p.images, p.labels, strict=True)
        if image.tobytes() == one
    ]
    assert labels == [0]
    assert found.name == "pets/"
    assert found.sha256 == folder_sha256(tmp_path / "pets")


def test_pixels_lie_in_a_file_that_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    save_pictures(tmp_path / "pets", ["cat", "dog"], 6)
    found = open_dataset(tmp_path / "pets", (8, 8, 1))
    for part in (found.train, found.validation, found.test):
        assert isinstance(part.images, np.memmap)
    assert not list((tmp_path / "temporary").iterdir())


def test_channels_that_no_picture_has(tmp_path):
    """The caller compares the shapes, and says so."""
    save_pictures(tmp_path, ["cat", "dog"], 4)
    assert open_dataset(tmp_path, (8, 8, 2)).test.images.shape[1:] == (8, 8, 3)


def test_no_room(tmp_path, tmpfs, monkeypatch):
    save_pictures(tmp_path / "pets", ["cat", "dog"], 6)
    monkeypatch.setattr(tempfile, "tempdir", str(tmpfs))
    with pytest.raises(OutputError, match="found no room"):
        open_dataset(tmp_path / "pets")
    assert open_dataset(tmp_path / "pets", (8, 8, 1)).classes == 2


@pytest.mark.parametrize(("suffix", "tolerance"), [("webp", 0), ("bmp", 1), ("gif", 60)])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_the_decoder_of_keras_refuses(tmp_path, suffix, channels, tolerance):
    path = tmp_path / f"some.{suffix}"
    picture(0).save(path, lossless=True)  # an option of WebP alone
    found = decode_picture(path.read_bytes(), (40, 30, channels), path)
    expected = np.asarray(picture(0).convert("L" if channels == 1 else "RGB")).reshape(40, 30, channels)
    assert np.abs(found.astype(int) - expected).max() <= tolerance


def claim(width, height):
    """A PNG of that size, of which there is the beginning only."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 1000) + b"IDAT"


def halved(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def replaced(content):
    return lambda path: path.write_bytes(content)


def linked(target):
    def link(path):
        path.unlink()
        path.symlink_to(target)

    return link


def piped(path):
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (replaced(b""), "damaged"),
        (replaced(b"<html>sign in</html>"), "damaged"),
        (halved, "damaged"),
        (replaced(claim(60_000, 60_000)), "64,000,000 pixels"),
        (replaced(claim(9_000, 9_000)), "64,000,000 pixels"),
        (replaced(claim(7_000, 7_000)), "damaged"),
        pytest.param(linked("/etc/passwd"), "damaged", marks=pytest.mark.posix),
        pytest.param(linked("/dev/zero"), "something else", marks=pytest.mark.posix),
        pytest.param(linked("nowhere"), "can't read it", marks=pytest.mark.posix),
        pytest.param(piped, "something else", marks=pytest.mark.posix),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_broken_picture_is_named(tmp_path, spoil, found, suffix):
    spoilt = save_pictures(tmp_path, ["cat", "dog"], 6, [suffix])[4]
    spoil(spoilt)
    with pytest.raises(DataError) as caught:
        open_dataset(tmp_path, (8, 8, 3))
    message = str(caught.value)
    assert message.startswith(f"expected a picture at {spoilt}, ")
    assert message.endswith("replace or remove it")
    assert found in message
    assert "\n" not in message


@pytest.mark.posix
def test_odd_names(tmp_path):
    names = ["größe 狗", "a:b"]
    save_pictures(tmp_path, names, 4)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/a:b/\xff\n.png")
    picture(0).save(tmp_path / "one.png")
    (tmp_path / "one.png").rename(odd)
    found = open_dataset(tmp_path, (8, 8, 1))
    assert found.label_names == tuple(sorted(names))
    assert sum(len(part) for part in (found.train, found.validation, found.test)) == 9


def test_too_few_pictures(tmp_path):
    save_pictures(tmp_path, ["cat", "dog"], 1)
    with pytest.raises(DataError, match="at least 2 pictures"):
        open_dataset(tmp_path, (8, 8, 1))


def test_pixels_that_the_disk_has_no_room_for(monkeypatch):
    _demand_room(1)
    with pytest.raises(OSError, match="No space left"):
        _demand_room(10**18)
