"""The Web kit and apps that use it fit their types."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from export.runtimes.node import WEB, node
from tests.export.kits.conftest import KITS
from train.console.text import one_line

RIGHT = """
import * as litert from "@litertjs/core";
import { type Answer, classify, GRAPH_MODELS, openClassifier } from "digits";
import { openClassifier as openLiteRt, VARIANTS } from "digits/litert";
export async function app(canvas: HTMLCanvasElement): Promise<string> {
  const answer: Answer = await classify(canvas);
  const exact = await openClassifier({ model: GRAPH_MODELS[1] });
  const other = await openLiteRt(litert, { variant: VARIANTS[1] });
  const numbers: Float32Array = await other.probabilities(new Uint8Array(784));
  await exact.classify({ data: new Uint8Array(4), rows: 2, columns: 2 });
  return answer.label;
}
"""
WRONG = {
    "no promise": ("await classify(canvas)", "classify(canvas)"),
    "an address": ("classify(canvas)", "classify('a.png')"),
    "numbers without a size": ("{ data: new Uint8Array(4), rows: 2, columns: 2 }", "new Uint8Array(4)"),
    "a name": ("GRAPH_MODELS[1]", "'tfjs-graph'"),
    "no module": ("(litert, { variant: VARIANTS[1] })", "({ variant: VARIANTS[1] })"),
}


@pytest.fixture(scope="module")
def kit(kit_of: Callable[[str], Path]) -> Path:
    """The kit of a model of drawings."""
    return kit_of("web")


@pytest.fixture(scope="module")
def tsc() -> list[str]:
    """The TypeScript compiler, which `.ci/npm ci` installs."""
    script = WEB / "node_modules/typescript/bin/tsc"
    if not script.is_file():
        missing = "no typescript in web/node_modules: .ci/npm ci"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return [node(), str(script)]


@pytest.mark.integration
@pytest.mark.parametrize("fixture", KITS)
def test_its_sources_fit_their_types(
    fixture: str, request: pytest.FixtureRequest, tsc: list[str], tmp_path: Path
) -> None:
    kit = request.getfixturevalue(fixture)("web")
    sources = [file for file in kit.rglob("*") if file.suffix in (".js", ".mjs", ".ts")]
    checked = [file for file in sources if file.name != "runtime.js"]
    assert complaint(tsc, checked, tmp_path) == ""


def test_an_app_fits_its_types(kit: Path, tsc: list[str], tmp_path: Path) -> None:
    assert complaint(tsc, [app_in(tmp_path, kit, RIGHT)], tmp_path) == ""


@pytest.mark.parametrize(("call", "mistake"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_found(call: str, mistake: str, kit: Path, tsc: list[str], tmp_path: Path) -> None:
    assert RIGHT.count(call) == 1
    assert "app.ts" in complaint(tsc, [app_in(tmp_path, kit, RIGHT.replace(call, mistake))], tmp_path)


def app_in(folder: Path, kit: Path, source: str) -> Path:
    """An app that has installed the kit as a package."""
    shutil.copytree(kit, folder / "node_modules/digits")
    (folder / "app.ts").write_text(source, encoding="utf-8")
    return folder / "app.ts"


def complaint(tsc: list[str], sources: list[Path], folder: Path) -> str:
    packages = WEB / "node_modules"
    options = {
        **{"strict": True, "noEmit": True, "skipLibCheck": True, "allowJs": True, "checkJs": True},
        **{"target": "es2022", "lib": ["es2022", "dom", "dom.iterable"], "types": ["node"]},
        **{"module": "esnext", "moduleResolution": "bundler", "typeRoots": [str(packages / "@types")]},
        "paths": {"@litertjs/*": [str(packages / "@litertjs/*")]},
    }
    project = {"compilerOptions": options, "files": [str(source) for source in sources]}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    run = subprocess.run([*tsc, "--project", str(folder)], capture_output=True, text=True, check=False)
    return one_line(run.stdout + run.stderr)
