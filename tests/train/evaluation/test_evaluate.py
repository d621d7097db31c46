"""`python -m train evaluate`: its figures, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from tests.train.command_line import train
from tests.train.data.picture_folders import save_pictures
from train.data.dataset import Dataset
from train.errors import ModelError
from train.evaluation.evaluate import confusion, predict_classes, print_confusion
from train.model_file.model_file import load_model


def test_the_table_counts_rows_as_labels_and_columns_as_predictions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = confusion(np.array([0, 0, 1, 2], np.uint8), np.array([0, 2, 1, 2]))
    assert table.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    print_confusion(table)
    title, _, head, _, *rows = (line.split() for line in capsys.readouterr().out.splitlines())
    assert " ".join(title) == "accuracy 75.00%, 3 of 4 right"
    assert head == ["class", "recall", "0", "1", "2"]
    assert rows[0] == ["0", "50.0%", "1", ".", "1"]


def test_a_class_that_never_comes_has_no_recall(capsys: pytest.CaptureFixture[str]) -> None:
    print_confusion(confusion(np.array([0, 2], np.uint8), np.array([0, 2])))
    assert ["1", "-", ".", ".", "."] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_a_wide_table_in_a_pipe_is_neither_wrapped_nor_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    print_confusion(np.full((100, 100), 12_345))
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["99", "1.0%", *["12345"] * 100] in rows


def test_a_trained_model_reads_its_test_split(trained: Path, pen_digits: Dataset) -> None:
    predictions = predict_classes(load_model(trained), trained, pen_digits.test.images)
    assert (predictions == pen_digits.test.labels).mean() > 0.95


def test_a_model_that_does_not_fit_is_refused(trained: Path) -> None:
    with pytest.raises(ModelError, match=r"pictures of shape \(14, 14, 1\)"):
        predict_classes(load_model(trained), trained, np.zeros((1, 14, 14, 1), np.uint8))


def test_pictures_of_a_folder_are_read_in_the_shape_of_the_model(trained: Path, tmp_path: Path) -> None:
    save_pictures(tmp_path, "0123456789", 2)
    done = train("evaluate", "--model", trained, "--data", tmp_path)
    assert (done.returncode, "accuracy " in done.stdout) == (0, True), done.stderr


def test_the_command_reads_drawings_and_test_splits(trained: Path, pen_npz: Path, tmp_path: Path) -> None:
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text('{"label": 1, "strokes": [[[5, 0], [5, 10]]]}\n')
    for arguments in (["--drawings", drawings], ["--data", pen_npz]):
        done = train("evaluate", "--model", trained, *arguments, timeout_s=120)
        assert (done.returncode, done.stderr) == (0, "")
        assert "accuracy " in done.stdout
        assert "recall" in done.stdout
