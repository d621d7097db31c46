"""The wheel: it holds all that the commands read, and writes nothing where it is installed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_SHIPPED = {"web/README.md", "web/tsconfig.json"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(installed: Path, program: str, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=cache.parent,
        env=os.environ
        | {"PYTHONPATH": str(installed), "INKPROOF_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def files_in(folder: Path) -> dict[str, int]:
    return {
        file.relative_to(folder).as_posix(): file.stat().st_mtime_ns
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_it_holds_every_file_of_the_packages_and_of_the_page(installed: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "train", "export", "web"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    wanted = set(listed.stdout.splitlines()) - NOT_SHIPPED
    found = {path.replace("export/web/", "web/") for path in files_in(installed) if ".dist-info/" not in path}
    assert found == {path for path in wanted if (ROOT / path).exists()}


@pytest.mark.integration
def test_the_page_is_built_in_the_cache_folder_and_nothing_is_written_beside_the_code(
    installed: Path, tmp_path: Path
) -> None:
    before = files_in(installed)
    program = """
from pathlib import Path
from export.pipeline.cache_keys import page
from export.runtimes.node import WEB, install_packages, run_script
install_packages()
arguments = [str(Path("page").absolute()), "cpu", str(Path("operations.json").absolute())]
run_script(["build/runtime.mjs", *arguments], purpose="a runtime", remedy="look")
print(WEB, page())
"""
    (tmp_path / "operations.json").write_text('["MatMul", "Softmax"]', encoding="utf-8")
    ended = run(installed, program, tmp_path / "cache")
    assert ended.returncode == 0, ended.stderr
    folder, key = ended.stdout.splitlines()[-1].split()
    assert Path(folder).parent == tmp_path / "cache"
    assert list((tmp_path / "page").glob("runtime-*.js"))
    assert files_in(installed) == before
    from export.pipeline.cache_keys import page

    assert key == page()  # a clone and its wheel may go on with each other's work


def test_a_cache_folder_that_cannot_be_written_is_reported_in_one_line(
    installed: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file", encoding="utf-8")
    program = """
from export.errors import ConversionError
from export.runtimes.node import install_packages
try:
    install_packages()
except ConversionError as error:
    print(error)
"""
    ended = run(installed, program, cache)
    message = ended.stdout.splitlines()[-1]
    assert message.startswith("expected to install the page's packages in"), ended.stderr
    assert message.endswith("set INKPROOF_CACHE to another folder")
