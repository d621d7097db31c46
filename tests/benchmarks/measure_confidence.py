"""How many mistakes a threshold of confidence finds among how many predictions, and how right confidence is.

    python -m tests.benchmarks.measure_confidence artifacts/model.h5 [--drawings drawn.jsonl]

The threshold is chosen on digits that the default model was not trained on: MNIST's validation split, and as
many pen digits of another seed. The expected calibration error is also that of the test split and, where they
are given, of drawings: at 70% of the pad, at 40%, and at 70% with a thin line.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.console.quiet import import_tensorflow
from train.contract import InputContract
from train.data import pen
from train.data.dataset import find_dataset
from train.drawing.strokes import as_pictures, read_drawings
from train.evaluation.calibration import calibration
from train.settings import Settings

SEED = 777_000
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
DRAWN = {"70%": (0.7, 20), "40%": (0.4, 20), "70%, 8 px line": (0.7, 8)}


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--drawings", type=Path)
    given = parser.parse_args()
    import_tensorflow()
    import keras

    model = keras.models.load_model(given.model, compile=False)

    def judged(
        images: NDArray[np.uint8], labels: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        found = model.predict(images, batch_size=500, verbose=0)
        return found.max(axis=1), found.argmax(axis=1) == labels

    data = find_dataset("mnist").holding_out(Settings().validation_split)
    pens, labels = pen.dataset(len(data.validation), SEED, InputContract())
    held_out = [judged(data.validation.images, data.validation.labels), judged(pens[..., None], labels)]
    confidence, right = (np.concatenate(arrays) for arrays in zip(*held_out, strict=True))
    print(f"threshold  below it  mistakes found, of {(~right).sum()}")
    for threshold in THRESHOLDS:
        below = confidence < threshold
        print(f"{threshold:9}  {below.mean():8.2%}  {below[~right].mean():.0%}")
    print(f"calibration error, held out     {calibration(confidence, right).error:.2%}")
    of_test = calibration(*judged(data.test.images, data.test.labels))
    print(f"calibration error, test split   {of_test.error:.2%}")
    if given.drawings:
        drawings = read_drawings(given.drawings)
        labels = np.array([one.label for one in drawings], np.uint8)
        for name, (scale, line) in DRAWN.items():
            pictures = as_pictures(drawings, InputContract(), scale=scale, line=line / 280)
            confidence, right = judged(pictures, labels)
            error = calibration(confidence, right).error
            print(f"drawings, {name:14}: right {right.mean():.1%}, calibration error {error:.2%}")


if __name__ == "__main__":
    main()
