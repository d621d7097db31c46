"""What commands print: names from outside as text, one line where stdout fails, help without docstrings."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from export import cli as export_cli
from export.pipeline.cache_keys import ROOT
from tests.export.command_line import complaint, run
from tests.often import often
from train import cli as train_cli

# A colour, a line end, the direction of writing and a byte that is no UTF-8.
HOSTILE = "a\x1b[31m\n\u202eb\udcff"
SHOWN = "a [31m b"
FAILING = {"closed": ">&-", "full": ">/dev/full"}


def words() -> Iterator[str]:
    """Each program and command with --help."""
    for package, module in (("train", train_cli), ("export", export_cli)):
        yield f"{package} --help"
        yield from (f"{package} {name} --help" for name in module.cli.commands)


def shell(command: str, *options: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The end of `python -m COMMAND`, in which stdout and stderr are redirected by a shell."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shlex.join([sys.executable, *options, '-m'])} {command}"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def good(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what every command needs: an output, data of 20 pictures, and one to predict."""
    folder = tmp_path_factory.mktemp("good")
    pictures, labels = np.zeros((20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10
    np.savez(folder / "data.npz", x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    Image.fromarray(np.pad(np.zeros((60, 8), np.uint8), 26, constant_values=255)).save(folder / "one.png")
    (folder / "artifacts").symlink_to(built)
    return folder


LIGHT = ["export targets", "export verify", "export serve --port 0"]
HEAVY = [
    "export all --model artifacts/model.h5 --data data.npz --out new",
    "export check --data data.npz",
    "export bench --data data.npz",
    "train fit --data data.npz --out new",
    "train sweep --data data.npz --out new",
    "train check --data data.npz",
    "train evaluate --data data.npz",
    "train predict one.png",
]


@pytest.mark.integration
@pytest.mark.parametrize("how", FAILING)
@pytest.mark.parametrize("command", [*words(), *LIGHT])
def test_a_stdout_that_takes_nothing_is_one_line(command: str, how: str, good: Path) -> None:
    line = complaint(shell(f"{command} {FAILING[how]}", cwd=good))
    assert "expected to write to stdout" in line


@pytest.mark.integration
@pytest.mark.parametrize("command", often(HEAVY, lambda command: command.startswith("train evaluate")))
def test_it_is_one_of_a_command_that_takes_long(command: str, good: Path) -> None:
    assert "stdout" in complaint(shell(f"{command} >/dev/full", cwd=good))
    assert not (good / "new").exists() or not any((good / "new").glob("[!.]*"))


@pytest.mark.integration
@pytest.mark.parametrize(
    "command",
    [
        *words(),
        *LIGHT,
        "train evaluate --data data.npz",
        pytest.param("train predict one.png", marks=pytest.mark.slow),
    ],
)
def test_a_reader_who_has_left_is_no_error(command: str, good: Path) -> None:
    done = shell(f"{command} | exec 0<&-", cwd=good)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.integration
@pytest.mark.parametrize(
    "how", often(["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"], lambda how: how in ("2>/dev/full", "<&- 2>&-"))
)
@pytest.mark.parametrize(
    ("command", "status", "begin"),
    [
        ("export verify", 0, "intact: "),
        ("export verify --out none", 1, ""),
        ("export nonsense", 2, ""),
        ("train predict none.png one.png", 1, "one.png  "),
        ("train --help", 0, "Usage: "),
    ],
)
def test_without_stderr_all_else_is_the_same(
    command: str, status: int, begin: str, how: str, good: Path
) -> None:
    done = shell(f"{command} {how}", cwd=good)
    assert done.returncode == status
    assert done.stdout.startswith(begin)
    assert bool(done.stdout) is bool(begin)  # no error gets into the results


@pytest.mark.parametrize("streams", [">&- 2>&-", ">/dev/full 2>/dev/full", ">&- 2>&- <&-"])
def test_without_both_the_status_remains(streams: str) -> None:
    done = shell(f"export targets {streams}")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize("command", [*words()])
def test_help_without_docstrings_is_the_same(command: str) -> None:
    expected = shell(command).stdout
    assert len(expected.splitlines()) > 5
    assert shell(command, "-OO").stdout == expected


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_will_do(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "export", "verify", "--out", "é日本"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"inkproof: expected ")
    assert done.stderr.count(b"\n") == 1


ARGUMENTS = [
    "export all --model {}",
    "export all --model good.h5 --data {}",
    "export all --model good.h5 --data pen --labels {}",
    "export all --model good.h5 --data pen --out {}",
    "export all --target {}",
    "export check --out {}",
    "export bench --out {}",
    "export bench --out artifacts --baseline {}",
    "export verify --out {}",
    "export serve --out {}",
    "export serve --port {}",
    "export {}",
    "export all --{}",
    "train fit --data {}",
    "train fit --data pen --out {}",
    "train sweep --data {}",
    "train check --data {}",
    "train check --data pen --model {}",
    "train evaluate --model {}",
    "train evaluate --drawings {}",
    "train evaluate --data {}",
    "train predict {}",
    "train predict {} --model good.h5",
    "train {}",
]
# They start TensorFlow before the name is refused, as others do.
SLOW_TO_START = {
    "train check --data pen --model {}",
    "train evaluate --data {}",
    "train predict {} --model good.h5",
}


@pytest.mark.integration
@pytest.mark.parametrize("command", often(ARGUMENTS, lambda command: command not in SLOW_TO_START))
def test_a_name_in_any_place_of_the_command_line_is_text(command: str, good: Path) -> None:
    line = [word.replace("{}", HOSTILE).replace("good.h5", "artifacts/model.h5") for word in command.split()]
    done = run(*line, cwd=good)
    assert done.returncode in (1, 2)
    assert all(text.isprintable() for text in (done.stdout + done.stderr).splitlines())
    if done.returncode == 1:
        complaint(done)


@pytest.mark.integration
def test_a_run_with_such_names_prints_them_as_text(built: Path, good: Path, tmp_path: Path) -> None:
    name = HOSTILE.removesuffix("\udcff")
    out = tmp_path / name
    out.symlink_to(built)
    os.link(good / "one.png", tmp_path / f"{HOSTILE}.png")
    os.link(good / "data.npz", tmp_path / f"{HOSTILE}.npz")
    verified = run("export", "verify", "--out", name, cwd=tmp_path)
    predicted = run("train", "predict", f"{HOSTILE}.png", "--model", out / "model.h5", cwd=tmp_path)
    evaluated = run(
        "train", "evaluate", "--data", f"{HOSTILE}.npz", "--model", out / "model.h5", cwd=tmp_path
    )
    for done in (verified, predicted, evaluated):
        assert done.returncode == 0, done.stderr
        assert all(line.isprintable() for line in (done.stdout + done.stderr).splitlines())
    assert verified.stdout == f"intact: {verified.stdout.split()[1]} files in a [31m  b\n"
    assert predicted.stdout.startswith("a [31m  b .png  ")
    assert predicted.stdout.count("\n") == 1
