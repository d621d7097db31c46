"""Picture files: large ones, and those that hold no picture of a digit."""

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.train.drawing.picture_forms import (
    CONTRACT,
    dark_on_light,
    digit,
    noisy_jpeg,
    one_bit,
    palette,
    white_on_transparent,
)
from train.drawing import image_file
from train.drawing.image_file import SIDE, read_grey
from train.errors import PictureError
from train.evaluation.predict import read_digits


def test_large_pictures_are_averaged_down(tmp_path):
    path = tmp_path / "large.png"
    Image.fromarray(np.tile(np.array([[0, 200], [200, 0]], np.uint8), (700, 450))).save(path)
    grey = read_grey(path)
    assert max(grey.shape) <= SIDE
    assert grey.shape == (350, 225)
    np.testing.assert_array_equal(grey, 100)


def refusal(path):
    readable, pictures, (error,) = read_digits([path], CONTRACT)
    assert readable == []
    assert pictures.shape == (0, 28, 28, 1)
    assert isinstance(error, PictureError)
    assert str(error).startswith("expected ")
    assert str(path) in str(error)
    assert "\n" not in str(error)
    return str(error)


def test_missing_file(tmp_path):
    assert "found no file" in refusal(tmp_path / "none.png")


def test_folder(tmp_path):
    refusal(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"no picture\n", b"\x89PNG\r\n\x1a\n", b"%!PS-Adobe-3.0 EPSF-3.0\n"]
)
def test_no_picture(tmp_path, content):
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    assert "found none that can be recognised" in refusal(path)


@pytest.mark.parametrize("form", [dark_on_light, noisy_jpeg, palette])
def test_truncated_picture(form, tmp_path):
    rng = np.random.default_rng(0)
    path = form(digit(4, rng), rng, tmp_path / "short")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "can't be read" in refusal(path)


def test_any_damage_is_a_picture_error(tmp_path):
    rng, refused = np.random.default_rng(0), 0
    for form in (dark_on_light, noisy_jpeg, one_bit, white_on_transparent):
        path = form(digit(4, rng), rng, tmp_path / "flipped")
        content = path.read_bytes()
        for place in rng.integers(min(len(content), 300), size=60):
            flipped = bytearray(content)
            flipped[place] ^= rng.integers(1, 256)
            path.write_bytes(flipped)
            try:
                read_grey(path)
            except PictureError:
                refused += 1
    assert 40 < refused < 240


def test_claim_of_a_huge_picture_is_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    assert path.stat().st_size < 100_000
    refusal(path)
    Image.new("1", (9_000, 9_000)).save(path)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    assert "64,000,000 pixels" in refusal(path)


def test_text_that_unpacks_to_more_than_memory_holds(tmp_path):
    path, text = tmp_path / "text.png", PngImagePlugin.PngInfo()
    text.add_text("comment", "0" * 100_000_000, zip=True)
    Image.new("L", (30, 30)).save(path, pnginfo=text)
    assert path.stat().st_size < 200_000
    refusal(path)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_empty_paper(level, tmp_path):
    Image.new("L", (120, 90), level).save(tmp_path / "empty.png")
    assert "found bare paper" in refusal(tmp_path / "empty.png")


def test_nothing_but_transparency(tmp_path):
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert "found bare paper" in refusal(tmp_path / "clear.png")


def test_only_formats_that_pillow_decodes_itself():
    Image.init()
    assert set(image_file.FORMATS) < set(Image.OPEN) - {"EPS", "WMF"}
