"""Makes model files that are hostile or broken, out of good ones."""

import base64
import io
import json
import marshal
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from train.console.quiet import import_tensorflow, quiet
from train.model_file.weights import MOST_BYTES

Edit = Callable[[Any], None]


class Bomb:
    """Makes a file if it is ever unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.canary,)


class Workshop:
    """Makes hostile models out of a good one."""

    def __init__(self, folder: Path) -> None:
        import_tensorflow()
        import keras

        self.folder, self.canary = folder, folder.parent / "canary"
        layers = [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(2, 3),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
        with quiet():
            for suffix in (".h5", ".keras"):
                keras.Sequential(layers).save(folder / f"good{suffix}")
        code = compile(f"__import__('pathlib').Path({str(self.canary)!r}).touch()", "carried", "exec")
        exec(marshal.loads(marshal.dumps(code)))
        self.canary.unlink()  # the bomb is live
        self.marshalled = base64.b64encode(marshal.dumps(code)).decode()

    def h5(self, name: str, edit: Edit) -> Path:
        """A copy of the good `.h5`, edited as an open file."""
        path = Path(shutil.copyfile(self.folder / "good.h5", self.folder / f"{name}.h5"))
        with h5py.File(path, "a") as file:
            edit(file)
        return path

    def h5_config(self, name: str, edit: Edit) -> Path:
        """The same, with its configuration edited."""

        def change(file: h5py.File) -> None:
            config = json.loads(file.attrs["model_config"])
            edit(config["config"]["layers"])
            file.attrs["model_config"] = json.dumps(config)

        return self.h5(name, change)

    def raw(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.folder / "good.keras") as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def keras(self, name: str, edit: Edit, extra: Edit = lambda archive: None, **options: Any) -> Path:
        """The good `.keras` with its members edited, and whatever is added to the archive."""
        members, path = self.members(), self.folder / f"{name}.keras"
        edit(members)
        with zipfile.ZipFile(path, "w", **options) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
            extra(archive)
        return path

    def keras_config(self, name: str, edit: Edit) -> Path:
        def change(members: dict[str, bytes]) -> None:
            config = json.loads(members["config.json"])
            edit(config["config"]["layers"])
            members["config.json"] = json.dumps(config).encode()

        return self.keras(name, change)


def as_layer(**layer: Any) -> Edit:
    """Puts a layer in the place of the second one."""
    return lambda layers: layers.__setitem__(1, {"config": {"name": "x"}, **layer})


def setting(index: int, **values: Any) -> Edit:
    """Changes a layer's settings."""
    return lambda layers: layers[index]["config"].update(values)


def weights(file: h5py.File) -> Any:
    return file["model_weights"]


def endless(content: bytes) -> bytes:
    """An HDF5 file in whose first heap the free space takes none: the library never gets past it."""
    heap = bytearray(content)
    at = heap.index(b"GCOL") + 16  # its objects: number, references, size, and the bytes themselves
    while int.from_bytes(heap[at : at + 2], "little"):
        size = int.from_bytes(heap[at + 8 : at + 16], "little")
        at += 16 + -(-size // 8) * 8
    heap[at + 8 : at + 16] = bytes(8)  # number 0 is what is free
    return bytes(heap)


def nothing(_: Any) -> None: ...


def link(target: Any) -> Edit:
    return lambda file: weights(file).__setitem__("elsewhere", target)


def spoilt(value: float) -> Edit:
    def edit(file: h5py.File) -> None:
        def visit(_: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                item[...] = value

        file.visititems(visit)

    return edit


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    weights(file).create_virtual_dataset("x", layout)


def external(file: h5py.File) -> None:
    weights(file).create_dataset("x", (8,), "u1", external=[("/etc/passwd", 0, 8)])


def many_claims(file: h5py.File) -> None:
    for number in range(20):
        weights(file).create_dataset(f"x{number}", (MOST_BYTES // 5,), "f4", chunks=(1000,))


def repeated_strings(shop: Workshop) -> Path:
    """Each of 2,000 strings refers to the same 1 MB of the file."""
    length = 1_000_003

    def add(file: h5py.File) -> None:
        strings = ["x" * length] + ["y"] * 1999
        weights(file).attrs.create("strings", strings, dtype=h5py.string_dtype())

    path = shop.h5("strings", add)
    content = bytearray(path.read_bytes())
    at = content.index(struct.pack("<I", length))  # the first string's length, address and number
    content[at : at + 16 * 2000] = content[at : at + 16] * 2000
    path.write_bytes(content)
    return path


def objects(file: h5py.File) -> None:
    weights(file).create_dataset("x", (4,), h5py.string_dtype())[:] = "x"


def symlink(name: str) -> Edit:
    def add(archive: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo(name)
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")

    return add


def added(name: str, content: bytes = b"x") -> Edit:
    return lambda archive: archive.writestr(name, content)


def replaced(**contents: bytes) -> Edit:
    return lambda members: members.update({name.replace("__", "."): c for name, c in contents.items()})


def damaged_heap(shop: Workshop) -> Path:
    """One byte: the configuration's length, for which HDF5's library takes 4 GB unasked."""
    content = bytearray((shop.folder / "good.h5").read_bytes())
    with h5py.File(shop.folder / "good.h5") as file:
        length = struct.pack("<I", len(file.attrs["model_config"]))
    content[content.index(length) + 3] = 0xFF
    return shop.raw("heap.h5", bytes(content))


def two_in_one(shop: Workshop) -> Path:
    """A good archive behind a `.h5` with code: whoever judges the one must not load the other."""
    path = shop.h5_config("both", as_layer(class_name="Lambda"))
    with path.open("ab") as file:
        file.write((shop.folder / "good.keras").read_bytes())
    return path


def crowded(shop: Workshop) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(2000):
            archive.writestr(f"{number}", b"")
    return shop.raw("crowded.keras", content.getvalue())


def lying(shop: Workshop) -> Path:
    """A member of 2 GB that says that it has ten bytes."""
    path = shop.keras("lying", nothing, added("metadata.txt", bytes(50_000_000)), compression=8)
    content = bytearray(path.read_bytes())
    true = struct.pack("<I", 50_000_000)
    while true in content:
        at = content.index(true)
        content[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(content)
    return path


def deep(shop: Workshop) -> bytes:
    return b'{"class_name": "Sequential", "config": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
