"""Parse the sources of kits in languages that have no compiler here, by tree-sitter."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from export.errors import KitError
from export.kits._kit import Done, Proof


def parse(folder: Path, language: str, suffix: str) -> Proof:
    """Parse every source of a kit.

    Args:
        folder: The kit's folder.
        language: As in the name of its grammar's package: `kotlin`.
        suffix: Of its sources: `.kt`.

    Raises:
        KitError: If one isn't of the language.
    """
    packages = "tree-sitter", f"tree-sitter-{language}"
    try:
        library, grammar = (import_module(package.replace("-", "_")) for package in packages)
    except ImportError as error:
        return Proof(Done.NOTHING, f"{str(error.name).replace('_', '-')} is not installed")
    parser = library.Parser(library.Language(grammar.language()))
    for source in sorted(folder.rglob(f"*{suffix}")):
        for node in _wrong_nodes(parser.parse(source.read_bytes()).root_node):
            raise KitError(
                f"expected {language.title()}, found a syntax error in {source.relative_to(folder)}, "
                f"line {node.start_point.row + 1}: correct its template"
            )
    return Proof(Done.PARSED, ", ".join(f"{package} {version(package)}" for package in packages))


def _wrong_nodes(node: Any) -> Iterator[Any]:
    """The innermost nodes that aren't of the language, from the first line on."""
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _wrong_nodes(child)
