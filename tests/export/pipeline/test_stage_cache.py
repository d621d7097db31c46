"""Nothing twice: what was made from the same, and is whole, is kept; and nothing else is."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from export.errors import ParityError
from export.manifest import NAME, read_manifest, verify
from export.pipeline.cache_keys import ROOT
from export.pipeline.export_all import Request, export_all
from export.pipeline.stage_cache import StageCache, read_earlier
from export.report import sections
from export.target import Budget
from export.targets import all_targets
from tests.export.command_line import contents, run
from train.output.staging import staging

PROFILED = {"PYTHONPROFILEIMPORTTIME": "1"}
HEAVY = ("tensorflow", "keras", "scipy", "matplotlib", "PIL", "rich", "jinja2")
NOT_EVEN = (*HEAVY, "numpy", "h5py")  # where no stage has to be looked at
BY_NAME = {target.name: target for target in all_targets()}


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """When each file was changed, and which it is."""
    found = {p.relative_to(folder).as_posix(): p.stat() for p in folder.rglob("*") if p.is_file()}
    return {name: (stat.st_mtime_ns, stat.st_ino) for name, stat in found.items()}


def export(
    *arguments: str | Path, project: Path = ROOT, environment: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """What `export all` says on stdout and stderr."""
    done = run("export", "all", *arguments, project=project, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, to be changed."""
    for folder in ("export", "train", "web"):
        shutil.copytree(ROOT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


def test_a_second_run_does_nothing_and_takes_no_time(trained: Path, pen_npz: Path, copy: Path) -> None:
    before, begin = times(copy), os.times()
    stdout, stderr = export("--model", trained, "--data", pen_npz, "--out", copy)
    end = os.times()
    assert stdout.startswith("nothing to do: ")
    assert (stderr, times(copy)) == ("", before)
    # Of the processor, as the machine may be busy; there is nothing to wait for.
    assert end.children_user + end.children_system - begin.children_user - begin.children_system < 1


def test_a_second_run_imports_nothing_heavy(trained: Path, pen_npz: Path, copy: Path) -> None:
    _, imports = export("--model", trained, "--data", pen_npz, "--out", copy, environment=PROFILED)
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in imports.splitlines()}
    assert "export" in imported
    assert imported.isdisjoint(NOT_EVEN)


@pytest.mark.slow  # draws 14,000 pen digits
def test_what_was_made_of_pen_digits_waits_for_no_network(trained: Path, tmp_path: Path) -> None:
    arguments = ("--model", trained, "--target", "tflite-float32", "--out", tmp_path / "artifacts")
    export(*arguments, "--data", "pen")
    before = times(tmp_path / "artifacts")
    # Neither named nor in the cache; a download would first of all import TensorFlow.
    stdout, stderr = export(
        *arguments, environment={"MNIST_NPZ": "", "KERAS_HOME": str(tmp_path / "none"), **PROFILED}
    )
    said, imports = [], set()
    for line in stderr.splitlines():
        if line.startswith("import time:"):
            imports.add(line.rpartition("|")[2].strip().split(".")[0])
        else:
            said.append(line)
    assert stdout.startswith("nothing to do: ")
    (line,) = said
    assert line.startswith(
        "inkproof: expected a local MNIST, found none; continuing with the embedded pen digits"
    )
    assert imports.isdisjoint(HEAVY)
    assert times(tmp_path / "artifacts") == before


def test_a_change_to_the_page_rebuilds_the_page_only(
    trained: Path, pen_npz: Path, copy: Path, project: Path
) -> None:
    arguments = ("--model", trained, "--data", pen_npz, "--out", copy)
    assert export(*arguments, project=project)[0].startswith("nothing to do: ")  # another place, same code
    with (project / "web" / "src" / "styles" / "page.css").open("a") as style:
        style.write("main { outline: 1px solid }\n")
    before, was = contents(copy), times(copy)
    stdout, imports = export(*arguments, project=project, environment=PROFILED)
    (done,) = [line for line in stdout.splitlines() if line.endswith(" s")]
    assert done.startswith("building the page ")
    assert not re.search(r"\btensorflow\b", imports)
    after = contents(copy)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert NAME in changed
    assert all(name == NAME or name.startswith("web/") for name in changed)
    assert any(b"outline" in after.get(name, b"") for name in changed if name.endswith(".css"))
    assert not any(name.startswith("web/models/") for name in changed)
    assert all(times(copy)[name][0] == was[name][0] for name in before if name.startswith(("tfjs", "tflite")))
    verify(copy)


def test_a_change_to_bench_renews_the_report_and_drops_what_bench_has_added(
    trained: Path, pen_npz: Path, copy: Path, project: Path
) -> None:
    with staging(copy) as staged:
        sections.publish(copy, staged, read_manifest(copy), "browser", {"rows": []}, {sections.BENCH: "{}"})
    arguments = ("--model", trained, "--data", pen_npz, "--out", copy)
    assert export(*arguments, project=project)[0].startswith("nothing to do: ")
    assert (copy / sections.BENCH).exists()
    with (project / "export" / "bench" / "bench.md.jinja").open("a") as template:
        template.write("\n")
    stdout, _ = export(*arguments, project=project)
    assert "writing the report" in stdout
    assert "converting" not in stdout
    assert not (copy / sections.BENCH).exists()
    verify(copy)


def test_what_was_damaged_or_removed_is_made_anew_and_the_rest_kept(
    trained: Path, pen_npz: Path, copy: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = contents(copy)
    os.truncate(copy / "tflite" / "int8.tflite", 1000)
    (copy / "tfjs" / "layers" / "model.json").unlink()
    (copy / "report.md").write_text("nonsense")
    was = times(copy)
    export_all(Request(trained, str(pen_npz), copy, all_targets()))
    said = capfd.readouterr().out
    assert "converting to 2 targets" in said
    assert "writing the report" in said
    assert "comparing" not in said  # the same bytes again: they are proven already
    assert "page" not in said
    assert contents(copy) == before
    kept = [name for name in before if name.startswith(("tfjs/graph", "tflite/float")) and name in was]
    assert len(kept) > 5
    assert all(times(copy)[name][0] == was[name][0] for name in kept)


def test_forced_everything_is_done_again_and_gives_the_same_bytes(
    trained: Path, pen_npz: Path, copy: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chosen = [BY_NAME["tflite-int8"], BY_NAME["tfjs-graph"]]
    export_all(Request(trained, str(pen_npz), copy, chosen))
    before, was = contents(copy), times(copy)
    export_all(Request(trained, str(pen_npz), copy, chosen, force=True))
    said = capfd.readouterr().out
    assert "converting to 2 targets" in said
    assert "comparing 2 exported models" in said
    assert contents(copy) == before
    assert all(times(copy)[name] != was[name] for name in before)


def test_another_choice_of_targets_keeps_what_it_can(
    trained: Path, pen_npz: Path, copy: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chosen = [BY_NAME["tflite-float32"], BY_NAME["tfjs-graph-uint8"]]
    export_all(Request(trained, str(pen_npz), copy, chosen))
    said = capfd.readouterr().out
    assert "converting" not in said
    assert read_manifest(copy).target_names == ["tflite-float32", "tfjs-graph-uint8"]
    assert {path.name for path in (copy / "tflite").iterdir()} == {"float32.tflite"}
    verify(copy)


def test_what_was_past_its_budget_is_so_again(
    trained: Path, pen_npz: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    strict = replace(BY_NAME["tflite-float32"], budget=Budget(0.0, 1.0, None))
    request = Request(trained, str(pen_npz), tmp_path / "artifacts", [strict])
    messages = []
    for _ in range(2):
        with pytest.raises(ParityError) as caught:
            export_all(request)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert "nothing to do" in capfd.readouterr().out


def test_other_data_are_not_what_the_copies_were_judged_on(
    trained: Path, pen_npz: Path, copy: Path, tmp_path: Path
) -> None:
    """Only the name of the file differs: the manifest gives it."""
    other = shutil.copy(pen_npz, tmp_path / "others.npz")
    assert read_manifest(copy).dataset["name"] == pen_npz.name
    export_all(Request(trained, str(other), copy, [BY_NAME["tflite-float32"]]))
    assert read_manifest(copy).dataset["name"] == "others.npz"


@pytest.fixture
def earlier(tmp_path: Path, built: Path) -> Path:
    """The output of a run whose manifest has one stage, in which `report.md` was made from [1]."""
    out = tmp_path / "earlier"
    out.mkdir()
    shutil.copy(built / "report.md", out)
    cache = StageCache(out, tmp_path, ["everywhere"], read_earlier(out))
    cache.reuse("report", ["report.md"], [1])
    replace(read_manifest(built), keys=cache.keys).write(out)
    return out


@pytest.mark.parametrize(
    ("stage", "read", "everywhere", "force", "kept"),
    [
        ("report", [1], ["everywhere"], False, True),
        ("report", [2], ["everywhere"], False, False),
        ("report", [1], ["nowhere"], False, False),
        ("report", [1], ["everywhere"], True, False),
        ("page", [1], ["everywhere"], False, False),
    ],
)
def test_kept_is_what_read_the_same(
    earlier: Path, tmp_path: Path, stage: str, read: list[int], everywhere: list[str], force: bool, kept: bool
) -> None:
    staged = tmp_path / "staged"
    cache = StageCache(earlier, staged, everywhere, None if force else read_earlier(earlier))
    assert cache.reuse(stage, ["report.md"], read) is kept
    assert (staged / "report.md").exists() is kept


def test_nothing_is_kept_of_damaged_files_or_by_a_damaged_manifest(earlier: Path, tmp_path: Path) -> None:
    def keeps() -> bool:
        return StageCache(earlier, tmp_path / "staged", ["everywhere"], read_earlier(earlier)).reuse(
            "report", ["report.md"], [1]
        )

    assert keeps()
    report = (earlier / "report.md").read_bytes()
    (earlier / "report.md").write_bytes(report[:-1])
    assert not keeps()
    (earlier / "report.md").write_bytes(report)
    assert keeps()
    text = (earlier / NAME).read_text()
    (earlier / NAME).write_text(text.replace("keras", "karas"))
    assert not keeps()
    (earlier / NAME).unlink()
    assert not keeps()
