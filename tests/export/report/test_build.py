"""The reports: what they say, and that nothing in them is taken for markup."""

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from export.manifest import read_manifest
from export.parity.evidence import Evidence
from export.parity.results import Artifact, ComparedRun, IncomparableRun, ParityResult
from export.report import build as report
from export.targets import all_targets
from tests.export.comparing import compare_images, evidence_of
from train.console.text import plain

EVIL = "<script>alert(1)</script>"


def test_both_name_every_target_with_its_figures(built: Path) -> None:
    text, page = (built / "report.md").read_text(), (built / "report.html").read_text()
    for target in read_manifest(built).targets:
        for content in (text, page):
            assert target["name"] in content
            assert f"{target['bytes']:,}" in content
    assert text.count("| pass |") == page.count('class="pass">pass') == 10


def test_the_verdict_comes_first(built: Path) -> None:
    verdict = "All 10 exported models match the reference model on 1,000 digits.npz test images"
    assert f"<h1>{verdict}</h1>" in (built / "report.html").read_text()
    assert (built / "report.md").read_text().startswith(f"# inkproof report\n\n**{verdict}**")


def test_a_failure_shows_in_the_verdict_and_without_a_click(built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    passed = replace(made, target=all_targets()[1], parity=replace(made.parity, runs=(run_of(made),)))
    report.write(tmp_path, read_manifest(built), [made, passed], evidence)
    page = (tmp_path / "report.html").read_text()
    assert '<h1 class="fail">1 of 2 exported models match the reference model' in page
    assert page.count("<details open>") == page.count('class="fail">FAIL') == 1
    assert page.count("<details>") == page.count('class="pass">pass') == 1


def test_a_single_exported_model_is_no_plural(built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    report.write(
        tmp_path,
        read_manifest(built),
        [replace(made, parity=replace(made.parity, runs=(run_of(made),)))],
        evidence,
    )
    assert "<h1>The exported model matches the reference model on " in (tmp_path / "report.html").read_text()


def test_the_page_needs_no_other_file(built: Path) -> None:
    page = (built / "report.html").read_text()
    assert page.count("<svg") == 1 + 2 * 10  # the logo, and of each target its size and its accuracy
    assert page.count("data:image/png;base64,") == 100  # ten worst of ten targets
    links = re.findall(r'(?:src|href)="(?!data:|#)([^"]*)"', page)
    assert links == []
    assert "<script" not in page


def artifact(labels: int = 10) -> tuple[Artifact, Evidence]:
    target = all_targets()[0]
    reference = np.full((20, labels), 1 / labels, np.float32)
    right = np.zeros(20, np.uint8)
    run = compare_images(reference, reference.copy(), right, target.budget)
    evil = replace(run, runtime=EVIL, failures=(EVIL,))
    made = Artifact(replace(target, name=EVIL), (), ParityResult((evil,), target.budget))
    return made, evidence_of(reference, right)


def run_of(made: Artifact) -> ComparedRun:
    """The run without its failure."""
    assert made.parity.comparison is not None
    return replace(made.parity.comparison, failures=())


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_images_of_any_shape_are_shown(built: Path, tmp_path: Path, channels: int) -> None:
    made, evidence = artifact()
    wide = replace(evidence, images=np.zeros((20, 90, 180, channels), np.uint8))
    report.write(tmp_path, read_manifest(built), [made], wide)
    pictures = re.findall('data:image/png;base64,([^"]+)', (tmp_path / "report.html").read_text())
    sizes = {Image.open(io.BytesIO(base64.b64decode(picture))).size for picture in pictures}
    assert (len(pictures), sizes) == (10, {(64, 32)})


def test_what_gave_nothing_to_compare_is_in_the_report(built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    run = IncomparableRun("a runtime", 20, "expected finite probabilities")
    made = replace(made, parity=replace(made.parity, runs=(run,)))
    report.write(tmp_path, read_manifest(built), [made], evidence)
    for name in (report.HTML, report.MARKDOWN):
        assert "expected finite probabilities (a runtime)" in (tmp_path / name).read_text()


def test_same_findings_same_bytes(built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    texts = set()
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        report.write(folder, read_manifest(built), [made], evidence)
        texts.add((folder / report.HTML).read_bytes())
    assert len(texts) == 1


def test_names_are_text_not_markup(built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    manifest = read_manifest(built)
    manifest = replace(
        manifest,
        model={**manifest.model, "labels": [EVIL] * 10, "path": EVIL},
        dataset={**manifest.dataset, "name": EVIL},
        versions={EVIL: EVIL},
    )
    report.write(tmp_path, manifest, [made], evidence)
    page = (tmp_path / "report.html").read_text()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 5
    text = (tmp_path / "report.md").read_text()
    assert "<script" not in text
    assert text.count("&lt;script&gt;") > 3


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00\x1b[31m\u202e\r\n\udcffb", "x" * 9000, "{{ 7 * 7 }}"]
)
def test_any_name_is_a_line_of_text(name: str, built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    assert made.parity.comparison is not None
    run = replace(made.parity.comparison, failures=(f"the drift begins in the layer {name}, the first",))
    made = replace(made, parity=replace(made.parity, runs=(run,)), target=all_targets()[0])
    manifest = read_manifest(built)
    manifest = replace(
        manifest,
        model={**manifest.model, "labels": [name] * 10, "path": name},
        dataset={**manifest.dataset, "name": name},
        versions={name: name},
    )
    report.write(tmp_path, manifest, [made], evidence)
    for file in (report.HTML, report.MARKDOWN):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert "".join(text.split("\n")).isprintable()
        assert plain(name) in text.replace("\\", "")  # with which Markdown marks what is no markup


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a | b", r"a \| b"),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("![](//host)", r"!\[\](//host)"),
        ("a\n# b\n", "a # b"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("`*_~", r"\`\*\_\~"),
        ("\\", "\\\\"),
    ],
)
def test_names_are_no_markdown(name: str, written: str, built: Path, tmp_path: Path) -> None:
    made, evidence = artifact()
    manifest = read_manifest(built)
    manifest = replace(manifest, dataset={**manifest.dataset, "name": name})
    report.write(tmp_path, manifest, [made], evidence)
    assert f"on 1,000 {written} test images**" in (tmp_path / "report.md").read_text()


@pytest.mark.parametrize("name", ["report.md", "report.html"])
def test_the_embedded_digits_are_named(built: Path, tmp_path: Path, name: str) -> None:
    made, evidence = artifact()
    manifest = read_manifest(built)
    pen = replace(manifest, dataset={**manifest.dataset, "name": "pen"})
    report.write(tmp_path, pen, [made], evidence)
    assert "not on MNIST" in (tmp_path / name).read_text()
    assert "not on MNIST" not in (built / name).read_text()
