"""Prove a kit by its own `make test`: C and C++."""

import shutil
from importlib.metadata import distribution, version
from pathlib import Path

from export.errors import KitError
from export.kits._kit import Done, Proof
from train.console.programs import captured
from train.console.text import one_line

LIBRARY = "libLiteRt.*"  # .so, .dylib, .dll


def prove_by_make(folder: Path, title: str, compiler: str, variable: str) -> Proof:
    """Compile the self-test and run it against LiteRT's library.

    Args:
        folder: The kit's.
        title: The kit's.
        compiler: Its name.
        variable: What the Makefile calls it.

    Raises:
        KitError: If it doesn't compile, or fails.
    """
    for tool in ("make", compiler):
        if shutil.which(tool) is None:
            return Proof(Done.NOTHING, f"{tool} is missing here")
    library = litert_library()
    if library.suffix == ".dll":
        return Proof(Done.NOTHING, "the Makefile is none for Windows")
    where = [f"{variable}={compiler}", f"LITERT_LIB={library}"]
    command = ["make", "--no-print-directory", "-C", str(folder), "test", *where]
    run = captured(command)
    if run.returncode:
        raise KitError(f"expected the {title} kit to pass its self-test, found: {_reason(run.stderr)}")
    return Proof(
        Done.RAN, f"{compiler} {_version(compiler)}, ai-edge-litert {version('ai-edge-litert')}", 0.0
    )


def litert_library() -> Path:
    """LiteRT's library for programs in C, of the package that this Python has."""
    package = Path(str(distribution("ai-edge-litert").locate_file("ai_edge_litert")))
    return next(package.glob(LIBRARY))


def _reason(said: str) -> str:
    """The first line that says what was expected, or the compiler's first error."""
    lines = said.splitlines() or ["nothing"]
    return one_line(next((line for line in lines if "expected" in line or "error:" in line), lines[0]))


def _version(compiler: str) -> str:
    command = [compiler, "-dumpfullversion", "-dumpversion"]
    return captured(command).stdout.strip()
