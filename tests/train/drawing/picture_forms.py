"""Makers of picture files of a digit: drawn, scanned, photographed, in each form that people hold them in."""

import numpy as np
from PIL import Image

from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import normalise

CONTRACT = InputContract()


def digit(label, rng, side=280):
    """Ink on a square canvas as people draw: somewhere, about two thirds of it high; shape (side, side)."""
    size = side * rng.uniform(0.45, 0.75)
    strokes = draw(label, rng)
    free = side - np.concatenate(strokes).max(axis=0) * size
    corner = free * rng.uniform(0.3, 0.7, 2)
    return render([stroke * size + corner for stroke in strokes], side, side / 15)


def blend(ink, paper, pen):
    fraction = ink[..., None] / 255.0 if np.ndim(paper) == 3 or np.ndim(pen) else ink / 255.0
    return np.clip(paper + (pen - paper) * fraction, 0, 255)


def dark_on_light(ink, rng, path):
    Image.fromarray(255 - ink).save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def light_on_dark(ink, rng, path):
    Image.fromarray(ink).save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def noisy_jpeg(ink, rng, path):
    grey = blend(ink, 205.0, 80.0) + rng.normal(0, 9, ink.shape)
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(path.with_suffix(".jpg"), quality=60)
    return path.with_suffix(".jpg")


def lit_from_one_side(ink, rng, path):
    """A blue pen on paper whose dark corner is darker than the pen would be in the light."""
    y, x = np.mgrid[0:1:280j, 0:1:280j]
    light = 0.35 + 0.65 * (x * rng.uniform(0.4, 1) + y * rng.uniform(0, 0.6)) / 1.6
    colours = blend(ink, np.full((280, 280, 3), 235.0), np.array([40.0, 50.0, 130.0]))
    photo = colours * light[..., None] + rng.normal(0, 5, (280, 280, 3))
    Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8)).save(path.with_suffix(".jpg"), quality=80)
    return path.with_suffix(".jpg")


def turned_by_exif(ink, rng, path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be seen, turn it a quarter clockwise
    turned = Image.fromarray(np.rot90(255 - ink))
    turned.save(path.with_suffix(".jpg"), quality=90, exif=exif)
    return path.with_suffix(".jpg")


def black_on_transparent(ink, rng, path):
    pixels = np.zeros((*ink.shape, 4), np.uint8)
    pixels[..., 3] = ink
    Image.fromarray(pixels, "RGBA").save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def white_on_transparent(ink, rng, path):
    pixels = np.full((*ink.shape, 4), 255, np.uint8)
    pixels[..., 3] = ink
    Image.fromarray(pixels, "RGBA").save(path.with_suffix(".webp"), lossless=True)
    return path.with_suffix(".webp")


def sixteen_bits(ink, rng, path):
    Image.fromarray((255 - ink).astype(np.uint16) * 200 + 3000).save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def palette(ink, rng, path):
    Image.fromarray(255 - ink).convert("RGB").quantize(16).save(path.with_suffix(".gif"))
    return path.with_suffix(".gif")


def cmyk(ink, rng, path):
    Image.fromarray(255 - ink).convert("CMYK").save(path.with_suffix(".jpg"), quality=90)
    return path.with_suffix(".jpg")


def one_bit(ink, rng, path):
    Image.fromarray(ink < 128).save(path.with_suffix(".tiff"))
    return path.with_suffix(".tiff")


def two_in_one_file(ink, rng, path):
    """The JPEG of phones that keep a second picture in the file."""
    second = Image.new("L", ink.shape, 128)
    Image.fromarray(255 - ink).save(
        path.with_suffix(".jpg"), format="MPO", save_all=True, append_images=[second]
    )
    return path.with_suffix(".jpg")


def mnist_like(ink, rng, path):
    Image.fromarray(normalise(ink, CONTRACT)).save(path.with_suffix(".png"))
    return path.with_suffix(".png")


FORMS = [
    dark_on_light,
    light_on_dark,
    noisy_jpeg,
    lit_from_one_side,
    turned_by_exif,
    black_on_transparent,
    white_on_transparent,
    sixteen_bits,
    palette,
    cmyk,
    one_bit,
    two_in_one_file,
    mnist_like,
]
