"""Keys: they change with everything that a stage reads, and with nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from export.pipeline import cache_keys
from export.results import FileRecord
from export.target import Budget
from export.targets import all_targets

BY_NAME = {target.name: target for target in all_targets()}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in whose `export/a.py` everything begins."""
    for name, text in {
        "export/__init__.py": "",
        "export/a.py": "from export import b\nimport numpy\n\ndef f():\n    from train.deep.c import d\n",
        "export/b.py": "from export.a import f\n",
        "export/a.html.jinja": "a template",
        "export/other.py": "import export.a\n",
        "train/deep/__init__.py": "",
        "train/deep/c.py": "d = 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cache_keys, "ROOT", tmp_path)
    cache_keys.code_of.cache_clear()
    yield tmp_path
    cache_keys.code_of.cache_clear()


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("export/a.py", True),
        ("export/b.py", True),
        ("export/a.html.jinja", True),
        ("train/deep/c.py", True),
        ("export/other.py", False),
    ],
)
def test_a_module_is_its_code_and_all_that_it_imports(project: Path, name: str, counts: bool) -> None:
    before = cache_keys.code_of("export.a")
    with (project / name).open("a") as file:
        file.write("\n")
    cache_keys.code_of.cache_clear()
    assert (cache_keys.code_of("export.a") != before) is counts


def test_every_target_is_converted_from_something_else() -> None:
    found = {cache_keys.key_of(cache_keys.conversion(target)) for target in all_targets()}
    assert len(found) == len(all_targets())


def test_a_proof_is_of_this_artifact_by_this_budget_in_these_runtimes() -> None:
    target, graph = BY_NAME["tflite-int8"], BY_NAME["tfjs-graph"]
    files = [FileRecord("tflite/int8.tflite", 1, "a")]
    runtime = Path("runtime-1.js")

    def key(target=target, files=files, runtime=runtime):  # type: ignore[no-untyped-def]
        return cache_keys.key_of(cache_keys.proof(target, files, runtime))

    assert key() == key(runtime=Path("runtime-2.js"))  # phones have no page
    assert key(graph) != key(graph, runtime=Path("runtime-2.js"))
    others = [
        key(files=[replace(files[0], sha256="b")]),
        key(replace(target, budget=Budget(None, 0.9, None))),
        key(replace(target, engines=graph.engines)),
        key(replace(target, engines=graph.engines[:1])),
    ]
    assert len({key(), *others}) == 5


def test_the_keys_of_the_real_code_know_what_they_should() -> None:
    """A conversion doesn't depend on the report; a proof does on the script that Node runs."""
    files = {
        module: {path.name for path in cache_keys.code_files(module)}
        for module in ("export.targets._tflite", "export.runtimes.tfjs")
    }
    assert "_tflite.py" in files["export.targets._tflite"]
    assert not files["export.targets._tflite"] & {"report.py", "site.py", "pipeline.py"}
    assert {"tfjs.py", "tfjs.mjs", "open_tfjs.mjs", "node.py"} <= files["export.runtimes.tfjs"]
