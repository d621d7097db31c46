"""What outputs are, found from values and labels; and that graph and NumPy make the same of them."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from export.errors import ModelError
from export.reference.output_kind import OutputKind, find_output_kind
from export.reference.tasks import Task, find_task
from train.console.quiet import import_tensorflow
from train.data.label_kind import LabelKind

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0, 3, (50, 4))
SOFTMAX = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
SIGMOIDS = 1 / (1 + np.exp(-LOGITS))
CLASSES, SEVERAL, VALUES, NONE = LabelKind.CLASSES, LabelKind.SEVERAL, LabelKind.VALUES, LabelKind.NONE


@pytest.mark.parametrize(
    ("outputs", "labels", "classes", "kind", "task"),
    [
        (SOFTMAX, CLASSES, 4, OutputKind.SOFTMAX, Task.CLASSES),
        (SOFTMAX, NONE, 0, OutputKind.SOFTMAX, Task.CLASSES),
        (LOGITS, CLASSES, 4, OutputKind.LOGITS, Task.CLASSES),
        (LOGITS, NONE, 0, OutputKind.LOGITS, Task.CLASSES),
        (np.log(SOFTMAX), CLASSES, 4, OutputKind.LOG_SOFTMAX, Task.CLASSES),
        (SIGMOIDS[:, :1], CLASSES, 2, OutputKind.SIGMOID, Task.CLASSES),
        (LOGITS[:, :1], CLASSES, 2, OutputKind.LOGIT, Task.CLASSES),
        (LOGITS[:, :1], CLASSES, 10, OutputKind.VALUES, Task.VALUES),
        (LOGITS[:, :1], VALUES, 0, OutputKind.VALUES, Task.VALUES),
        (SIGMOIDS[:, :1], VALUES, 0, OutputKind.VALUES, Task.VALUES),
        (LOGITS, VALUES, 0, OutputKind.VALUES, Task.VALUES),
        (SIGMOIDS, SEVERAL, 4, OutputKind.SIGMOIDS, Task.SEVERAL),
        (SIGMOIDS, NONE, 0, OutputKind.SIGMOIDS, Task.SEVERAL),
        (SIGMOIDS, CLASSES, 4, OutputKind.SIGMOIDS, Task.CLASSES),
        (LOGITS, SEVERAL, 4, OutputKind.SIGMOID_LOGITS, Task.SEVERAL),
    ],
)
def test_outputs_are_told_apart(
    outputs: NDArray[Any], labels: LabelKind, classes: int, kind: OutputKind, task: Task
) -> None:
    assert find_output_kind(outputs, labels, classes) is kind
    assert find_task(kind, labels) is task


def test_a_softmax_of_one_number_is_refused() -> None:
    with pytest.raises(ModelError, match="Dense\\(1, activation='sigmoid'\\)"):
        find_output_kind(np.ones((50, 1)), CLASSES, 2)


@pytest.mark.parametrize("kind", OutputKind)
def test_the_graph_finishes_as_numpy_does(kind: OutputKind) -> None:
    outputs = {
        OutputKind.SOFTMAX: SOFTMAX,
        OutputKind.LOG_SOFTMAX: np.log(SOFTMAX),
        OutputKind.SIGMOID: SIGMOIDS[:, :1],
        OutputKind.SIGMOIDS: SIGMOIDS,
        OutputKind.LOGIT: LOGITS[:, :1],
    }.get(kind, LOGITS)
    given = keras.Input(outputs.shape[1:])
    graph = keras.Model(given, keras.layers.Identity()(kind.finish_in_graph(given)))
    found = graph.predict(outputs.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, kind.finish(outputs), atol=1e-6)
    assert found.shape[1] == kind.classes(outputs.shape[1])


def test_decisions_on_labels_are_between_yes_and_no() -> None:
    predictions = np.array([[0.9, 0.2], [0.4, 0.6]], np.float32)
    scores = Task.SEVERAL.scores(predictions, np.array([[1, 0], [1, 1]], np.uint8))
    assert scores.tolist() == [1, 1, 0, 1]


def test_values_are_as_wrong_as_their_absolute_error() -> None:
    predictions = np.array([[1.5], [2.0]], np.float32)
    assert Task.VALUES.scores(predictions, np.array([1.0, 4.0])).tolist() == [-0.5, -2.0]
