"""tensorflowjs, the converter: installed without its dependencies, and imported by one module alone.

`import tensorflowjs` imports TensorFlow Decision Forests, jax, flax and tf_keras. The module that converts
SavedModels needs none of them but for two names at import, which empty modules give.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from export.errors import ConversionError

NAME = "tensorflowjs"
VERSION = "4.22.0"
MODULE = f"{NAME}.converters.tf_saved_model_conversion_v2"
UNUSED = ("tensorflow_decision_forests", "tensorflow_hub")


def demand_converter() -> None:
    """Refuse to begin without tensorflowjs.

    Raises:
        ConversionError: If it isn't installed, or in another version.
    """
    try:
        found = version(NAME)
    except PackageNotFoundError:
        found = "none"
    if found != VERSION:
        raise ConversionError(
            f"expected {NAME} {VERSION}, which converts to TensorFlow.js, found {found}: "
            f"pip install --no-deps {NAME}=={VERSION}"
        )


@cache
def converter() -> ModuleType:
    """The module of tensorflowjs that converts SavedModels, and the modules that it imports.

    Raises:
        ConversionError: If tensorflowjs isn't installed, or in another version.
    """
    demand_converter()
    with _standing_in():
        return import_module(MODULE)


def folder() -> Path:
    """Where tensorflowjs is installed; `op_list` in it lists the operations that it converts."""
    spec = find_spec(NAME)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0])


@contextmanager
def _standing_in() -> Iterator[None]:
    """Stand in for what isn't to be imported, and leave no trace for those who import the real packages."""
    before, place = dict(sys.modules), folder()
    sys.modules[NAME] = _package(NAME, place)
    sys.modules[f"{NAME}.converters"] = _package(f"{NAME}.converters", place / "converters")
    sys.modules.update({name: ModuleType(name) for name in UNUSED})
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] in (NAME, *UNUSED)]:
            del sys.modules[name]
            if name in before:
                sys.modules[name] = before[name]


def _package(name: str, place: Path) -> ModuleType:
    """A package that imports nothing, whose modules are in this folder."""
    package = ModuleType(name)
    package.__path__ = [str(place)]
    return package
