"""The notebook for Colab and Jupyter: committed without outputs, and run by a real kernel."""

import html
import os
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "train" / "quickstart.ipynb"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    read: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)
    return read


def test_it_is_valid_and_holds_no_outputs(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.slow
@pytest.mark.mnist
def test_it_runs_from_its_first_cell_to_its_last(
    notebook: nbformat.NotebookNode, mnist_npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a tenth of MNIST, beside the notebook, as CI trains on the whole of it before."""
    with np.load(mnist_npz) as arrays:
        np.savez(tmp_path / "mnist.npz", **{name: arrays[name][: len(arrays[name]) // 10] for name in arrays})
    monkeypatch.setenv("MNIST_NPZ", str(tmp_path / "mnist.npz"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    client = NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    frames = [
        output.data["text/html"] for output in outputs if "data" in output and "text/html" in output.data
    ]
    report, page = (html.unescape(frame) for frame in frames if "<iframe srcdoc=" in frame)
    assert "<title>" in report
    assert "tflite-integer-only" in report
    assert "<canvas" in page
    assert (tmp_path / "artifacts" / "manifest.json").is_file()
    assert (tmp_path / "inkproof.zip").is_file()
