"""Kits of C and C++, made once for the tests of both, and ways to build and run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from export.kits._kit import Done, Proof
from export.kits._make import litert_library
from export.kits._model import KitModel
from export.kits._write import write_kit
from export.kits.c import KIT as C
from export.kits.cpp import KIT as CPP


@dataclass(frozen=True)
class Language:
    """How a language's kits are built."""

    name: str
    variable: str
    compiler: str
    standard: str
    sources: tuple[str, ...]

    def demand(self) -> None:
        """Skip a test where this machine can't build the kit; fail it in CI."""
        demand_tools("make", self.compiler)

    def write(self, model: KitModel, folder: Path) -> Path:
        """A kit that nothing has compiled yet."""
        kit = replace({"c": C, "cpp": CPP}[self.name], prove=lambda *_: Proof(Done.NOTHING, "a test"))
        write_kit(kit, model, folder)
        return folder / "kit" / self.name


LANGUAGES = {
    "c": Language("c", "CC", "gcc", "c11", ("classifier.c", "preprocess.c")),
    "cpp": Language("cpp", "CXX", "g++", "c++17", ("classifier.cpp", "preprocess.cpp")),
}


Models = Callable[[str], KitModel]
Programs = Callable[[Language, str], Path]


def demand_tools(*names: str) -> None:
    """Skip a test for lack of one of these; fail it in CI."""
    for name in names:
        if shutil.which(name) is None:
            message = f"no {name} on the PATH"
            pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def make_test(kit: Path, *variables: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """`make test` in a kit."""
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    command = ["make", "--no-print-directory", "-C", str(kit), "test", *variables]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def build(language: Language, kit: Path, sources: Sequence[str | Path], program: Path) -> None:
    """Compile sources with the kit's, as strictly as its Makefile does."""
    library = litert_library()
    flags = [f"-std={language.standard}", "-Wall", "-Wextra", "-Werror", f"-I{kit}"]
    own = [str(kit / name) for name in language.sources]
    ends = [str(library), f"-Wl,-rpath,{library.parent}", "-lm", "-o", str(program)]
    subprocess.run([language.compiler, *flags, *map(str, sources), *own, *ends], check=True)


def self_test(kit: Path, program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a self-test that has been built, in a kit."""
    return subprocess.run([program, *arguments], cwd=kit, capture_output=True, encoding="utf-8", check=False)


def example_of(kit: Path) -> str:
    """The program in a kit's README."""
    found = re.search(r"```(c|cpp)\n(.*?)```", (kit / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[2]


def as_initializer(given: NDArray[np.uint8]) -> str:
    """Bytes as C and C++ have them."""
    return "{" + ", ".join(map(str, given.ravel().tolist())) + "}"


def files_in(folder: Path) -> dict[str, bytes]:
    """The content of all files in a folder, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
