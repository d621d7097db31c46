"""Folders of pictures by class, drawn for the tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

SUFFIXES = ("png", "jpg", "bmp", "gif", "webp")


def picture(seed: int, rows: int = 40, columns: int = 30) -> Image.Image:
    """A picture in smooth colours."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (5, 4, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize((columns, rows), Image.Resampling.BICUBIC)


def save_pictures(
    folder: Path, classes: Sequence[str], count: int, suffixes: Sequence[str] = SUFFIXES
) -> list[Path]:
    """Save `count` pictures of each class, of varied sizes and formats."""
    paths = []
    for label, name in enumerate(classes):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            path = folder / name / f"{number}.{suffixes[number % len(suffixes)]}"
            picture(1000 * label + number, 40 + number, 30 + 3 * label).save(path)
            paths.append(path)
    return paths
