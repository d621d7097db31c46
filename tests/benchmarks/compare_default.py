"""What training the default model costs, beside another checkout of the project.

    MNIST_NPZ=mnist.npz python -m tests.benchmarks.compare_default --before CHECKOUT

Both train for one epoch and for two, in turns; what the second epoch adds is the cost of an epoch. The whole
run is estimated as all its epochs, and what one epoch's run takes besides: starting, drawing pen digits and
other signs, testing, writing.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.timed import timed

PROJECT = Path(__file__).parents[2]
EPOCHS = "from train.settings import preset; print(preset('default', 'cnn').epochs)"


def epochs_of(project: Path) -> int:
    """Number of the default's epochs."""
    environment = {**os.environ, "PYTHONPATH": str(project)}
    return int(subprocess.check_output([sys.executable, "-c", EPOCHS], env=environment, cwd=project))


def measured(project: Path, epochs: int) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a training takes."""
    with tempfile.TemporaryDirectory() as out:
        arguments = ["--data", "mnist", "--epochs", str(epochs), "--out", out]
        return timed([sys.executable, "-m", "train", *arguments], project)


def main() -> None:
    """Print the cost of an epoch and of a whole run, and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", type=Path, help="another checkout")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    checkouts = {"default": PROJECT} | ({"before": options.before.resolve()} if options.before else {})
    taken: dict[str, list[list[tuple[float, float]]]] = {name: [] for name in checkouts}
    for _ in range(options.rounds):
        for name, project in checkouts.items():
            taken[name].append([measured(project, epochs) for epochs in (1, 2)])
    whole = {}
    for name, project in checkouts.items():
        epochs = epochs_of(project)
        rounds = zip(*(zip(*one, strict=True) for one in taken[name]), strict=True)
        columns = [[statistics.median(times) for times in zip(*column, strict=True)] for column in rounds]
        (clock, clock_2), (busy, busy_2) = columns
        whole[name] = [first + (epochs - 1) * (second - first) for first, second in columns]
        print(
            f"{name:8} an epoch {clock_2 - clock:6.1f} s by the clock, {busy_2 - busy:6.1f} s of processors; "
            f"{epochs} epochs and the rest {whole[name][0]:6.0f} s, {whole[name][1]:6.0f} s"
        )
    if options.before:
        ratios = [new / old for new, old in zip(whole["default"], whole["before"], strict=True)]
        print(f"ratio: {ratios[0]:.2f} by the clock, {ratios[1]:.2f} of processors")


if __name__ == "__main__":
    main()
