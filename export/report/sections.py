"""The sections of the reports that later commands fill; both reports hold a place for each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from export import manifest as manifests
from export.errors import OutputError
from export.manifest import Manifest
from export.report.build import HTML, MARKDOWN, render
from train.input.regular_file import UnreadableError, read_regular
from train.output.staging import move_in_place

REPORTS = [HTML, MARKDOWN]
MOST_BYTES = 200_000_000  # of a report
BENCH = "bench.json"  # what `bench` leaves beside them


def publish(
    out: Path,
    staged: Path,
    manifest: Manifest,
    name: str,
    values: Mapping[str, object],
    files: Mapping[str, str] | None = None,
    folders: Sequence[str] = (),
) -> None:
    """Fill a section of the reports anew, and write the manifest that names them: all of it or nothing.

    Args:
        out: The output folder.
        staged: See `train.output.staging`.
        manifest: What is to be written but for the reports' records.
        name: The section; its templates are `NAME.html.jinja` and `NAME.md.jinja`.
        values: For the templates.
        files: Names and content of what belongs to the reports, too.
        folders: Names of staged folders that are to be moved in place with them.

    Raises:
        OutputError: If a report is missing, or has no place for the section.
    """
    contents = {file: _filled(out / file, name, values) for file in REPORTS} | dict(files or {})
    for file, content in contents.items():
        (staged / file).write_text(content, encoding="utf-8", newline="\n")
    records = {entry["path"]: entry for entry in manifest.reports}
    records |= {file: asdict(manifests.record(staged / file, staged)) for file in contents}
    replace(manifest, reports=list(records.values())).write(staged)
    move_in_place(staged, out, [*folders, *contents, manifests.NAME])


def demand_place(out: Path, name: str) -> None:
    """Fail now rather than after minutes of work.

    Raises:
        OutputError: See `publish`.
    """
    for file in REPORTS:
        _around(out / file, name)


def _filled(path: Path, name: str, values: Mapping[str, object]) -> str:
    """A report with a section filled anew."""
    before, after = _around(path, name)
    return f"{before}{render(f'{name}{path.suffix}.jinja', values)}{after}"


def _around(path: Path, name: str) -> tuple[str, str]:
    """A report up to the place of a section and on from there, the marks included."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    try:
        text = read_regular(path, MOST_BYTES).decode()
        before, _, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if closed:
            return before + begin, end + after
        found = "found none"
    except UnreadableError as error:
        found = str(error).partition(":")[0]
    except UnicodeDecodeError:
        found = "found no text"
    raise OutputError(
        f"expected {path} with a place for the section '{name}', {found}: "
        "build it again with python -m export all"
    )
