"""How many real digits get no answer, and how many drawings of something else get one.

    python -m tests.benchmarks.measure_rejection artifacts/model.h5 [--drawings drawn.jsonl] [--picture a.png]

Real digits are MNIST's test split and, where they are given, drawings: at 70% of the pad, at 40%, and at 70%
with a thin line. All rules count, as on the page: digits side by side or in rows, blots, what is wider than a
digit, and the least probability of a digit: that in the model's file, else that of MNIST's validation split.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.benchmarks.measure_confidence import DRAWN
from tests.benchmarks.other_signs import SIDE, Ink, kinds
from train.console.quiet import import_tensorflow
from train.contract import InputContract
from train.data.dataset import find_dataset
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.drawing.side_by_side import count_rows, side_by_side
from train.drawing.strokes import read_drawings
from train.evaluation.refusal import SEVERAL, known_from, refusal
from train.model_file.known_from import read_known_from
from train.settings import Settings

CONTRACT = InputContract()
EACH = 500
SHOWN_EACH = 12

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
Answers = list[tuple[str, list[str]]]


def main() -> None:
    """Print a line for each kind."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--drawings", type=Path)
    parser.add_argument("--picture", type=Path, help="a file for some of the other signs, to look at")
    given = parser.parse_args()
    import_tensorflow()
    import keras

    model = keras.models.load_model(given.model, compile=False)

    def predict(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(model.predict(pictures, batch_size=500, verbose=0))

    data = find_dataset("mnist").holding_out(Settings().validation_split)
    known = read_known_from(given.model)
    if known is None:
        known = known_from(predict(data.validation.images))
    print(f"a digit is named from a probability of {known} on")
    print(f"{'real digits':32} refused  by reason; read as several; wrong")
    for name, inks, labels in _real(data.test.images[..., 0], data.test.labels, given.drawings):
        _print_real(name, answers(inks, predict, known), labels)
    print(f"{'anything else':32}  caught  by reason; answered most often")
    shown = []
    for name, inks in kinds(np.random.default_rng(1), EACH):
        _print_other(name, answers(inks, predict, known))
        shown += inks[:SHOWN_EACH]
    if given.picture:
        _save(shown, given.picture)


def _real(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], drawings: Path | None
) -> list[tuple[str, Sequence[Ink], list[str]]]:
    """Names, inks and labels of real digits."""
    found: list[tuple[str, Sequence[Ink], list[str]]] = [
        ("MNIST's test split", list(images), [*map(str, labels)])
    ]
    some = read_drawings(drawings) if drawings else []
    for name, (scale, line) in DRAWN.items() if some else ():
        inks = []
        for one in some:
            points = np.concatenate(one.strokes)
            rest = (SIDE - scale * SIDE * np.ptp(points, axis=0)) / 2
            inks.append(render([stroke * scale * SIDE + rest for stroke in one.strokes], SIDE, line))
        found.append((f"drawings, {name}", inks, [str(one.label) for one in some]))
    return found


def answers(inks: Sequence[Ink], predict: Predict, known: float | None) -> Answers:
    """What the page and `train predict` read in each drawing: digits and question marks, and the reasons."""
    digits = [side_by_side(ink) for ink in inks]
    counts = [len(some) for some in digits]
    pictures = np.array([normalise(one, CONTRACT) for some in digits for one in some])[..., None]
    probabilities = predict(pictures)
    found, start = [], 0
    for ink, count in zip(inks, counts, strict=True):
        part = range(start, start + count)
        highest = probabilities[start : start + count].max(axis=1).tolist()
        refused = [
            refusal(pictures[i], probability, known, CONTRACT)
            for i, probability in zip(part, highest, strict=True)
        ]
        if count_rows(ink) > 1:
            refused = [SEVERAL] * count
        read = "".join(
            "?" if reason else str(probabilities[i].argmax()) for i, reason in zip(part, refused, strict=True)
        )
        found.append((read, [reason for reason in refused if reason]))
        start += count
    return found


def _print_real(name: str, found: Answers, labels: list[str]) -> None:
    refused = sum("?" in read for read, _ in found)
    several = sum(len(read) > 1 for read, _ in found)
    wrong = sum(
        read != label and "?" not in read and len(read) == 1
        for (read, _), label in zip(found, labels, strict=True)
    )
    print(f"{name:32} {refused / len(found):7.2%}  {_reasons(found)}; {several}; {wrong}", flush=True)


def _print_other(name: str, found: Answers) -> None:
    answered = [read for read, _ in found if "?" not in read]
    most = sorted(set(answered), key=lambda read: -answered.count(read))[:4]
    often = ", ".join(f"{read} {answered.count(read)}" for read in most)
    print(f"{name:32} {1 - len(answered) / len(found):7.1%}  {_reasons(found)}; {often}", flush=True)


def _reasons(found: Answers) -> str:
    reasons = [given[0] for _, given in found if given]
    return ", ".join(f"{reasons.count(reason)} {reason}" for reason in sorted(set(reasons))) or "none"


def _save(inks: Sequence[Ink], path: Path) -> None:
    rows = [np.concatenate(inks[i : i + SHOWN_EACH], axis=1) for i in range(0, len(inks), SHOWN_EACH)]
    sheet = Image.fromarray(255 - np.concatenate(rows))
    sheet.resize((sheet.width // 3, sheet.height // 3)).save(path)


if __name__ == "__main__":
    main()
