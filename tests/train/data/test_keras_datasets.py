"""Datasets by Keras: read from its cache as it left them; a refusing network ends in one line."""

import gzip
import struct
import subprocess
import sys

import numpy as np
import pytest

from tests.often import often
from train.data.dataset import locate_dataset
from train.data.keras_datasets import NAMES

pytestmark = pytest.mark.integration  # Keras reads KERAS_HOME when it is imported

READ = """
from train.console.entry import run
import click, sys, types
from train.data.dataset import find_dataset
@click.command()
@click.argument("name")
def cli(name):
    found = find_dataset(name)
    print(found.name, found.label_names[9], found.train.images.shape, found.test.labels.tolist())
sys.modules["reader"] = types.SimpleNamespace(cli=cli)
run("reader")
"""


def read(name, home):
    refusing = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    return subprocess.run(
        [sys.executable, "-c", READ, name],
        env={"PATH": "", "HOME": str(home), "KERAS_HOME": str(home), **refusing},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", often(NAMES, lambda name: name == "cifar10"))
def test_refusing_network(tmp_path, name):
    done = read(name, tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(
        f"inkproof: expected {name} by keras.datasets.{name}, the network refused ("
    )


def save_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))


def test_cached_files(tmp_path):
    folder = tmp_path / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    rng, labels = np.random.default_rng(0), np.arange(24, dtype=np.uint8) % 10
    for half, count in (("train", 24), ("t10k", 12)):
        save_idx(
            folder / f"{half}-images-idx3-ubyte.gz", rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        )
        save_idx(folder / f"{half}-labels-idx1-ubyte.gz", labels[:count])
    done = read("fashion_mnist", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"fashion_mnist Ankle boot (22, 28, 28, 1) {labels[:12].tolist()}"
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"<html>")
    done = read("fashion_mnist", tmp_path)
    assert done.returncode == 1
    assert "expected the files of keras.datasets.fashion_mnist, found others" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", NAMES)
def test_name_identifies(name):
    assert locate_dataset(name).identity() == {"name": name}
