"""The places in the reports that later commands fill."""

from pathlib import Path

import pytest

from export.errors import OutputError
from export.manifest import read_manifest, verify
from export.report import sections
from export.report.model_card import NAME as MODEL_CARD
from train.output.staging import staging

EVIL = "<!-- /browser --><b>"
ROW = ("t", EVIL, "pass", "1", "1", "1", ())


def publish(out: Path, rows: int, **files: str) -> None:
    with staging(out) as staged:
        values = {"rows": [ROW] * rows}
        sections.publish(out, staged, read_manifest(out), "browser", values, files)


def test_a_section_is_filled_and_filled_anew(copy: Path) -> None:
    before = {name: (copy / name).read_text() for name in sections.REPORTS}
    publish(copy, 2)
    for name in sections.REPORTS:
        text = (copy / name).read_text()
        assert text.count("&lt;!-- /browser --&gt;&lt;b&gt;") == 2
        assert text.count("<!-- /browser -->") == 1
    publish(copy, 1)
    for name in sections.REPORTS:
        assert (copy / name).read_text().count("/browser --&gt;") == 1
    assert verify(copy)
    publish(copy, 0)
    assert all(len((copy / name).read_text()) > len(text) for name, text in before.items())


def test_files_that_belong_to_the_reports_are_answered_for(copy: Path) -> None:
    count = verify(copy)
    publish(copy, 1, extra="{}")
    assert verify(copy) == count + 1
    publish(copy, 1)
    assert verify(copy) == count + 1
    assert [entry["path"] for entry in read_manifest(copy).reports] == [
        *sections.REPORTS,
        MODEL_CARD,
        "extra",
    ]


@pytest.mark.parametrize("content", [None, b"", b"<!-- browser -->", b"\xff\xfe"])
def test_a_report_without_the_place_is_refused(tmp_path: Path, content: bytes | None) -> None:
    for name in sections.REPORTS:
        if content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(OutputError, match=r"expected .*report\.html with a place for the section 'browser'"):
        sections.demand_place(tmp_path, "browser")
