"""Kotlin's compiler for the JVM, from npm, and what it compiles of the Android kit."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = "kotlin-compiler@2.4.20"
STUBS = Path(__file__).with_name("stubs") / "kotlin"
ON_JVM = Path(__file__).with_name("on_jvm")


@dataclass(frozen=True)
class Kotlin:
    """The compiler.

    Attributes:
        home: Its package.
        stubs: Compiled stubs of what an Android kit needs on a device.
    """

    home: Path
    stubs: Path

    def compile(self, sources: Sequence[Path], out: Path) -> subprocess.CompletedProcess[str]:
        """Compile sources against the stubs; a warning is an error."""
        lib = self.home / "lib"
        preload = [str(lib / "kotlin-preloader.jar"), "org.jetbrains.kotlin.preloading.Preloader"]
        compiler = [str(lib / "kotlin-compiler.jar"), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"]
        flags = ["-no-reflect", "-Werror", "-kotlin-home", str(self.home), "-cp", str(self.stubs)]
        command = ["java", "-cp", *preload, "-cp", *compiler, *flags, "-d", str(out)]
        return subprocess.run([*command, *map(str, sources)], capture_output=True, text=True, check=False)

    def run(self, classes: Path, main: str, *arguments: Path) -> str:
        """Run a program, and give what it prints."""
        path = f"{classes}:{self.home / 'lib/kotlin-stdlib.jar'}"
        command = ["java", "-cp", path, main, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def find_kotlin(folder: Path) -> Kotlin:
    """The compiler in `$KOTLIN_COMPILER_HOME`, else downloaded into a folder, with the stubs compiled."""
    for tool in ("java", "npm"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} isn't installed")
    kotlin = Kotlin(Path(os.environ.get("KOTLIN_COMPILER_HOME") or _downloaded(folder)), folder / "stubs")
    kotlin.stubs.mkdir()  # a class path that isn't there is a warning
    done = kotlin.compile(sorted(STUBS.glob("*.kt")), kotlin.stubs)
    assert done.returncode == 0, done.stderr
    return kotlin


def _downloaded(folder: Path) -> Path:
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm doesn't give {PACKAGE}: {done.stderr.strip()}")
    (archive,) = folder.glob("*.tgz")
    shutil.unpack_archive(archive, folder, filter="data")
    return folder / "package"
