"""What people may draw on the pad that is no digit: letters, symbols, scribbles, blots, digits that overlap.

Made for measuring alone, independently of what the default model is trained with.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage
from scipy.interpolate import CubicSpline

from train.data import pen
from train.drawing.canvas import render

Ink = NDArray[np.uint8]
Strokes = list[NDArray[np.float64]]

SIDE, LINE = 280, 20.0
FONTS = ("DejaVuSans", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "cmr10", "cmmi10")
# A reader without context takes these for digits, in one hand or another.
LOOK_ALIKE = set("OoQDUCcIiLlJjSsZzBbGgqpTYyVv")
ASCII = [chr(code) for code in range(33, 127)]
LETTERS = [sign for sign in ASCII if sign.isalpha() and sign not in LOOK_ALIKE]
SYMBOLS = list("?&@#%$*+=<>{}[]~^")
# Strokes as people write them, x and y of 0..100.
DRAWN = {
    "A": "0,100 50,0 100,100 | 20,62 80,62",
    "E": "80,0 10,0 10,100 85,100 | 10,48 65,48",
    "F": "80,0 10,0 10,100 | 10,48 65,48",
    "H": "5,0 5,100 | 90,0 90,100 | 5,50 90,50",
    "K": "8,0 8,100 | 85,0 10,56 88,100",
    "M": "0,100 10,0 50,66 90,0 100,100",
    "N": "6,100 6,0 90,100 90,0",
    "P": "8,100 8,0 60,4 74,26 58,50 8,54",
    "R": "8,100 8,0 62,4 72,26 56,48 8,52 80,100",
    "U": "5,0 6,70 26,98 60,98 84,72 86,0",
    "W": "0,0 24,100 50,32 76,100 100,0",
    "X": "4,0 92,100 | 92,0 4,100",
    "Y": "2,0 46,48 92,0 | 46,48 46,100",
    "k": "12,0 12,100 | 66,38 14,70 70,100",
    "m": "4,100 4,40 24,36 40,50 40,100 40,50 60,36 78,50 78,100",
    "w": "0,40 22,100 42,55 62,100 84,40",
    "heart": "50,96 8,52 4,22 24,4 44,12 50,30 58,10 80,4 96,24 90,54 50,96",
    "star": "20,98 50,0 80,98 2,36 98,36 20,98",
    "arrow": "0,50 96,50 | 66,22 98,50 66,80",
    "house": "10,100 10,46 50,4 90,46 90,100 10,100 | 42,100 42,70 60,70 60,100",
    "tick": "4,56 34,98 98,4",
    "cross": "0,50 100,50 | 50,0 50,100",
    "triangle": "50,2 98,96 2,96 50,2",
    "square": "4,4 96,4 96,96 4,96 4,4",
    "hash": "30,0 24,100 | 72,0 66,100 | 4,32 98,32 | 0,68 94,68",
    "lightning": "60,0 20,54 56,50 30,100",
    "smiley": "50,0 14,14 0,50 14,86 50,100 86,86 100,50 86,14 50,0 | 34,36 36,42 | 66,36 64,42 | "
    "26,64 50,80 74,64",
}


def kinds(rng: np.random.Generator, each: int) -> Iterator[tuple[str, list[Ink]]]:
    """Names of the kinds, and drawings of each, shape (280, 280), 0 for bare paper and 255 for full ink."""
    made: dict[str, Callable[[], Ink]] = {
        "letters, printed": lambda: _printed(rng, LETTERS),
        "letters and shapes, by pen": lambda: _by_pen(rng),
        "symbols, printed": lambda: _printed(rng, SYMBOLS),
        "scribbles": lambda: _scribble(rng),
        "dots and blots": lambda: _blot(rng),
        "digits that overlap": lambda: _overlapping(rng),
        "letters that look like digits": lambda: _printed(rng, sorted(LOOK_ALIKE)),
    }
    for name, make in made.items():
        yield name, [make() for _ in range(each)]


def _printed(rng: np.random.Generator, signs: list[str]) -> Ink:
    """A sign of a font, turned, slanted and scaled a little."""
    name = FONTS[rng.integers(len(FONTS))]
    font = ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf"), 190)
    paper = Image.new("L", (SIDE, SIDE), 0)
    centre = (SIDE // 2, SIDE // 2)
    width = int(rng.integers(0, 7))  # of a pen that goes along the outline
    ImageDraw.Draw(paper).text(
        centre, signs[rng.integers(len(signs))], 255, font, anchor="mm", stroke_width=width
    )
    return _turned(np.asarray(paper), rng)


def _turned(ink: Ink, rng: np.random.Generator) -> Ink:
    angle, slant = np.deg2rad(rng.uniform(-10, 10)), rng.uniform(-0.15, 0.25)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ [
        [1, 0],
        [slant, 1],
    ]
    matrix /= rng.uniform(0.6, 1.1)
    middle = np.array(ink.shape) / 2
    moved = ndimage.affine_transform(ink.astype(float), matrix, middle - matrix @ middle, order=1)
    return np.asarray(moved, np.uint8)


def _by_pen(rng: np.random.Generator) -> Ink:
    """A letter or shape of strokes, with an unsteady hand."""
    written = list(DRAWN.values())[rng.integers(len(DRAWN))]
    strokes = [np.array([point.split(",") for point in part.split()], float) for part in written.split("|")]
    return _rendered([_smooth(stroke + rng.normal(0, 3, stroke.shape)) for stroke in strokes], rng)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """More points on the way, a little off the straight line."""
    along = np.linspace(0, len(points) - 1, 8 * len(points))
    return np.stack([np.interp(along, range(len(points)), axis) for axis in points.T], axis=1)


def _scribble(rng: np.random.Generator) -> Ink:
    """A wild curve, a zigzag, a spiral, a row of loops or waves, or several lines."""
    t = np.linspace(0, 1, 200)
    kind, turns = rng.integers(6), rng.uniform(2.5, 6)
    if kind == 0:
        wild = rng.uniform(0, 100, (rng.integers(7, 14), 2))
        strokes = [CubicSpline(np.arange(len(wild)), wild)(t * (len(wild) - 1)).clip(-10, 110)]
    elif kind == 1:
        y = np.arange(rng.integers(7, 14))
        strokes = [np.stack([100 * (y % 2) + rng.normal(0, 9, len(y)), y * 100 / len(y)], axis=1)]
    elif kind == 2:
        r, angle = 50 * t, 2 * np.pi * turns * t
        strokes = [np.stack([50 + r * np.cos(angle), 50 + r * np.sin(angle)], axis=1)]
    elif kind == 3:
        angle = 2 * np.pi * turns * t
        strokes = [np.stack([100 * t + 18 * np.cos(angle), 50 + 30 * np.sin(angle)], axis=1)]
    elif kind == 4:
        strokes = [np.stack([100 * t, 50 + 25 * np.sin(2 * np.pi * turns * t)], axis=1)]
    else:
        strokes = [rng.uniform(0, 100, (2, 2)) for _ in range(rng.integers(4, 9))]
    return _rendered([_rotated(stroke, rng.uniform(0, 2 * np.pi)) for stroke in strokes], rng)


def _rotated(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray((points - 50) @ turn + 50)


def _blot(rng: np.random.Generator) -> Ink:
    """A dot, a filled shape, or a pad that is nearly full."""
    ink = np.zeros((SIDE, SIDE), np.uint8)
    kind = rng.integers(3)
    if kind == 0:
        ink = render([rng.uniform(40, 240, (1, 2))], SIDE, LINE * rng.uniform(0.6, 2))
    elif kind == 1:
        rows, columns = rng.integers(90, 250, 2)
        ink[20 : 20 + rows, 20 : 20 + columns] = 255
    else:
        y = np.arange(0, SIDE, 11.0)
        across = np.stack([np.where(np.arange(len(y)) % 2, SIDE - 12.0, 12.0), y], axis=1)
        ink = render([across + rng.normal(0, 4, across.shape)], SIDE, LINE)
    return ink


def _overlapping(rng: np.random.Generator) -> Ink:
    """Two or three digits in one connected mass of ink."""
    while True:
        count = int(rng.integers(2, 4))
        step = rng.uniform(45, 75)
        row = [
            stroke * rng.uniform(85, 105) + (20 + step * place, 80 + rng.uniform(-10, 10))
            for place in range(count)
            for stroke in pen.draw(int(rng.integers(10)), rng)
        ]
        ink = render(row, SIDE, LINE * rng.uniform(0.5, 1))
        if ndimage.label(ink, np.ones((3, 3)))[1] == 1:
            return ink


def _rendered(strokes: Strokes, rng: np.random.Generator) -> Ink:
    """Strokes of 0..100 on the pad: large or small, with a thick or thin line."""
    scale = rng.uniform(1.1, 2.1)
    return render(
        [stroke * scale + (SIDE - 100 * scale) / 2 for stroke in strokes], SIDE, rng.choice([LINE, 8.0])
    )
