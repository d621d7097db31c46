"""Folders of pictures that are hostile or broken, and what is said of each."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.export.hostile.hostile_pictures import claim, saved
from tests.export.hostile.hostile_tables import Table, containing
from tests.export.hostile.no_files import endless, pipe, sparse

GOOD = saved("PNG")


def by_class(folder: Path) -> Path:
    """Two classes of five good pictures."""
    for name in "ab":
        (folder / name).mkdir(parents=True)
        for number in range(5):
            (folder / name / f"{number}.png").write_bytes(GOOD)
    return folder


def with_picture(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Two classes, one of which has another picture."""
    return lambda folder: make(by_class(folder) / "a" / "x.png")


def round_about(folder: Path) -> None:
    folder.mkdir()
    for name in ("a", "b", "train", "test"):
        (folder / name).symlink_to(folder)


def beyond_all_paths(folder: Path) -> None:
    """A picture so deep that its path is too long."""
    inner = os.open(by_class(folder) / "a", os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=inner)
        outer, inner = inner, os.open("d" * 200, os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)


def devices(folder: Path) -> None:
    folder.mkdir()
    for name in "ab":
        (folder / name).symlink_to("/dev")


def many_classes(folder: Path) -> None:
    for number in range(70_000):
        (folder / str(number)).mkdir(parents=True)


DAMAGED = "it is damaged"
FOLDERS: Table = {
    "empty": (Path.mkdir, "found none"),
    "pipe": (with_picture(pipe), "a named pipe"),
    "link to what has no end": (with_picture(endless), "a device"),
    "1 TB of nothing": (with_picture(sparse), "more than 200,000,000 bytes"),
    "link to nothing": (with_picture(lambda path: path.symlink_to("nowhere")), "no such file"),
    "link to itself": (with_picture(lambda path: path.symlink_to(path)), "Too many levels"),
    "links to itself": (round_about, "found 0 in all"),
    "links to devices": (devices, "found 0 in all"),
    "empty picture": (with_picture(containing(b"")), DAMAGED),
    "half a picture": (with_picture(containing(GOOD[:60])), DAMAGED),
    "2^31 pixels a side": (
        with_picture(containing(claim(2**31 - 1, 2**31 - 1))),
        "more than 64,000,000 pixels",
    ),
    "no width": (with_picture(containing(claim(0, 9))), DAMAGED),
    "beyond all paths": (beyond_all_paths, "File name too long"),
    "70,000 classes": (many_classes, "found 70,000"),
}
