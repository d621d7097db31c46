"""Keys: they change with everything that a stage reads, and with nothing else."""

import ast
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from export.manifest import Manifest
from export.parity.results import FileRecord
from export.pipeline import cache_keys
from export.target import Budget, Target
from export.targets import all_targets

PROJECT = cache_keys.ROOT
BY_NAME = {target.name: target for target in all_targets()}
PHONE, GRAPH, LAYERS = BY_NAME["tflite-int8"], BY_NAME["tfjs-graph"], BY_NAME["tfjs-layers"]
FILES = [FileRecord("tflite/int8.tflite", 1, "a")]
RUNTIME = Path("runtime-1.js")
MANIFEST = Manifest({}, {}, {}, {}, {}, [], [])
Key = Callable[[], str]

STAGES: dict[str, Key] = {
    "conversion for phones": lambda: cache_keys.key_of(cache_keys.conversion(PHONE)),
    "conversion for pages": lambda: cache_keys.key_of(cache_keys.conversion(GRAPH)),
    "proof for phones": lambda: cache_keys.key_of(cache_keys.proof(PHONE, FILES, RUNTIME)),
    "proof for pages": lambda: cache_keys.key_of(cache_keys.proof(GRAPH, FILES, RUNTIME)),
    "proof of layers": lambda: cache_keys.key_of(cache_keys.proof(LAYERS, FILES, RUNTIME)),
    "facts": lambda: cache_keys.key_of(cache_keys.page_facts(MANIFEST, [GRAPH], RUNTIME)),
    "page": lambda: cache_keys.page(),
    "report": lambda: cache_keys.key_of(cache_keys.report(MANIFEST, [GRAPH], [])),
    "kits": lambda: cache_keys.key_of(cache_keys.kits(MANIFEST, [])),
}
CONVERSIONS = {"conversion for phones", "conversion for pages"}
PROOFS = {"proof for phones", "proof for pages", "proof of layers"}
IN_NODE = {"proof for pages", "proof of layers", "facts"}
# Which stages a change to a file renews.
READ_BY = {
    "export/kits/templates/python/classifier.py.jinja": {"kits"},
    "export/kits/python.py": {"kits"},
    **{
        f"export/{name}": {"report"}
        for name in (
            *("report/build.py", "report/chart.py", "report/report.html.jinja", "report/report.md.jinja"),
            *("report/model_card.py", "report/rates.py", "report/training_facts.py"),
            "report/model_card.md.jinja",
            *("report/browser_parity.py", "report/browser.html.jinja", "report/browser.md.jinja"),
            *("bench/run.py", "bench/subjects.py", "bench/measure.py", "bench/statistics.py"),
            *("bench/tables.py", "bench/bench.html.jinja", "bench/bench.md.jinja", "bench/measure.mjs"),
            *("bench/sizes.mjs", "runtimes/timing.mjs", "runtimes/browser.mjs", "runtimes/browser.py"),
        )
    },
    "export/runtimes/open_tfjs.mjs": {*IN_NODE, "report"},
    "export/runtimes/tfjs.mjs": {*IN_NODE, "report"},
    "export/runtimes/process.py": {*PROOFS, "facts", "report"},
    "export/parity/evidence.py": {*PROOFS, *CONVERSIONS},
    "export/parity/compare.py": {*PROOFS},
    "export/parity/layer_drift.py": {*PROOFS},
    "export/targets/_tflite.py": {"conversion for phones"},
    "export/targets/_graph.py": {"conversion for pages"},
    "export/targets/tflite_int16x8.py": set(),
    "export/site/serve.py": set(),
    "web/package-lock.json": {*PROOFS, "page"},
    "web/src/styles/page.css": {"page"},
    "web/build/page.mjs": {"page"},
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the project, whose files the keys are taken of."""
    for folder in ("export", "train"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(cache_keys, "ROOT", tmp_path)
    monkeypatch.setattr(cache_keys, "SOURCES", tmp_path / "web")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    cache_keys.code_of.cache_clear()


def keys() -> dict[str, str]:
    forget()
    return {stage: key() for stage, key in STAGES.items()}


def test_a_file_of_ours_renews_the_stages_that_read_it(project: Path) -> None:
    before = keys()
    for name, stages in READ_BY.items():
        with (project / name).open("ab") as file:
            file.write(b"\n")
        after = keys()
        renewed = {stage for stage in STAGES if after[stage] != before[stage]}
        assert stages <= renewed, name
        if stages <= {"report", "kits"} or name.startswith("web/"):
            assert renewed - {"kits"} == stages - {"kits"}, name  # kits are renewed with most of the code
        before = after


def test_every_script_and_template_renews_something(project: Path) -> None:
    files = [file for kind in ("jinja", "mjs") for file in (project / "export").rglob(f"*.{kind}")]
    assert len(files) > 8
    for file in files:
        before = keys()
        file.write_bytes(file.read_bytes() + b"\n")
        assert keys() != before, file


def test_what_is_declared_is_there() -> None:
    for pattern in (*cache_keys.TEMPLATES, *cache_keys.SCRIPTS, *cache_keys.PAGE):
        assert any(PROJECT.glob(pattern)), pattern
    for target in all_targets():
        assert all((PROJECT / script).is_file() for engine in target.engines for script in engine.scripts)


def test_a_module_is_its_code_and_all_that_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "export/__init__.py": "",
        "export/a.py": "from export import b\nimport numpy\n\ndef f():\n    from train.deep.c import d\n",
        "export/b.py": "from export.a import f\n",
        "export/other.py": "import export.a\n",
        "train/deep/__init__.py": "",
        "train/deep/c.py": "d = 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cache_keys, "ROOT", tmp_path)
    found = {file.relative_to(tmp_path).as_posix() for file in cache_keys.code_files("export.a")}
    assert found == {"export/__init__.py", "export/a.py", "export/b.py", "train/deep/c.py"}


def test_every_target_is_converted_from_something_else() -> None:
    found = {cache_keys.key_of(cache_keys.conversion(target)) for target in all_targets()}
    assert len(found) == len(all_targets())


def test_a_proof_is_of_this_artifact_by_this_budget_in_these_runtimes() -> None:
    def key(target: Target = PHONE, files: Sequence[FileRecord] = FILES, runtime: Path = RUNTIME) -> str:
        return cache_keys.key_of(cache_keys.proof(target, files, runtime))

    assert key() == key(runtime=Path("runtime-2.js"))  # phones have no page
    assert key(GRAPH) != key(GRAPH, runtime=Path("runtime-2.js"))
    others = [
        key(files=[replace(FILES[0], sha256="b")]),
        key(replace(PHONE, budget=Budget(None, 0.9, None))),
        key(replace(PHONE, engines=GRAPH.engines)),
        key(replace(PHONE, engines=GRAPH.engines[:1])),
    ]
    assert len({key(), *others}) == 5


def test_imports_are_those_that_python_s_parser_finds() -> None:
    for path in [*PROJECT.glob("train/**/*.py"), *PROJECT.glob("export/**/*.py")]:
        expected: set[str] = set()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                expected |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                expected |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        assert expected <= set(cache_keys._imported(path)), path
