"""`python -m train evaluate`: its figures, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from train.data.dataset import Dataset
from train.errors import ModelError
from train.evaluation.evaluate import answers_of, confusion, describe


def test_the_table_counts_rows_as_labels_and_columns_as_answers() -> None:
    table = confusion(np.array([0, 0, 1, 2], np.uint8), np.array([0, 2, 1, 2]))
    assert table.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    text = describe(table)
    assert "accuracy 75.00%, 3 of 4 right" in text
    assert "0   50.0%" in text


def test_a_class_that_never_comes_has_no_recall() -> None:
    assert "1       -" in describe(confusion(np.array([0, 2], np.uint8), np.array([0, 2])))


def test_a_trained_model_reads_its_test_split(trained: Path, pen_digits: Dataset) -> None:
    answers = answers_of(trained, pen_digits.test.images)
    assert (answers == pen_digits.test.labels).mean() > 0.95


def test_a_model_that_does_not_fit_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="found no file"):
        answers_of(tmp_path / "none.h5", np.zeros((1, 28, 28, 1), np.uint8))
    with pytest.raises(ModelError, match=r"pictures of shape \(14, 14, 1\)"):
        answers_of(trained, np.zeros((1, 14, 14, 1), np.uint8))
    broken = tmp_path / "broken.h5"
    broken.write_bytes(trained.read_bytes()[:1000])
    with pytest.raises(ModelError, match="a damaged or other file") as caught:
        answers_of(broken, np.zeros((1, 28, 28, 1), np.uint8))
    assert "\n" not in str(caught.value)


def test_the_command_reads_drawings_and_test_splits(trained: Path, pen_npz: Path, tmp_path: Path) -> None:
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text('{"label": 1, "strokes": [[[5, 0], [5, 10]]]}\n')
    for arguments in (["--drawings", drawings], ["--data", pen_npz]):
        done = subprocess.run(
            [sys.executable, "-m", "train", "evaluate", "--model", trained, *arguments],
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "accuracy " in done.stdout
        assert "recall" in done.stdout
