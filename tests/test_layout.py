"""The house: few files at the top of each package, none too long, all that is needed at run time packed."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 250


@pytest.fixture(scope="module")
def tracked() -> list[PurePosixPath]:
    """Every file that git tracks, or would: new ones count before they are committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [PurePosixPath(line) for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize(("package", "most"), [("train", 7), ("export", 8), ("web", 5)])
def test_few_files_lie_at_the_top(tracked: list[PurePosixPath], package: str, most: int) -> None:
    top = [path.name for path in tracked if path.parts[0] == package and len(path.parts) == 2]
    assert len(top) <= most, top


def test_no_source_is_too_long(tracked: list[PurePosixPath]) -> None:
    sources = [path for path in tracked if path.suffix in {".py", ".js", ".mjs", ".css", ".html", ".jinja"}]
    assert len(sources) > 200
    lines = {str(path): len((ROOT / path).read_bytes().splitlines()) for path in sources}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}
