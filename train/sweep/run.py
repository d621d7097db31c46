"""Search for hyperparameters and train the model of the best trial again."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from train.console.progress import stage
from train.console.quiet import import_tensorflow
from train.console.say import say
from train.data.dataset import Dataset
from train.learning import checkpoints
from train.learning.fit import fit, start, with_drawings
from train.output.staging import move_in_place, staging
from train.settings import Settings
from train.sweep.report import fit_command, print_trials, scatter, summary, write_csv
from train.sweep.worker_role import Role, address

if TYPE_CHECKING:
    from train.sweep.tuner import Score, Search, Trial

FOLDER = "sweep"


def sweep(
    dataset: Dataset, base: Settings, trials: int, out: Path, *, role: Role, data: str | None
) -> Path | None:
    """Train trials with random settings, then train the trial with the highest validation accuracy again.

    The test split is used only once, after the best trial is trained again. By KerasTuner's environment
    variables several processes can share the work: a chief, which writes the results, and workers.

    Args:
        dataset: The data to train, validate and test on.
        base: The settings that aren't varied.
        trials: Number of trials.
        out: The output folder, which receives the results in `sweep/`.
        role: The role of this process.
        data: The user's `--data`, for the command lines that repeat a trial.

    Returns:
        Path of the best model; None in a worker, which writes no files.

    Raises:
        OutputError: If `out` can't be written.
        SweepError: If chief and workers can't work together.
    """
    with stage("starting TensorFlow"):
        import_tensorflow()
    from train.sweep.tuner import Search

    search = Search(base, trials, f"{dataset.name} (sha256 {dataset.sha256[:12]}...)")
    if role is Role.WORKER:
        say(f"requesting trials from the chief at {address()}")
        _work(search, dataset)
        say("no trials are left: the chief writes the results")
        return None
    with staging(out) as staged:
        if role is Role.CHIEF:
            say(f"serving trials at {address()}")
        ranked = _ranked(search, dataset)
        print_trials(ranked)
        best = ranked[0]
        say()
        say(f"trial {best.number} is the best and is trained again, as by this command:")
        say(fit_command(best.settings, data))
        fit(dataset, best.settings, staged / FOLDER)
        write_csv(staged / FOLDER / "sweep.csv", ranked, data)
        (staged / FOLDER / "sweep.svg").write_text(scatter(ranked), encoding="utf-8", newline="\n")
        move_in_place(staged, out, [FOLDER])
    return out / FOLDER / "model.h5"


def _ranked(search: Search, dataset: Dataset) -> list[Trial]:
    """Train all trials, here or in workers; best first."""
    with stage(f"{search.trials} trials", total=search.trials) as step:

        def ended(trial: Trial) -> None:
            say(summary(trial))
            step()

        return search.run(_trainer(search, dataset), ended)


def _work(search: Search, dataset: Dataset) -> None:
    """Train the trials that the chief distributes."""
    train = _trainer(search, dataset)

    def train_visibly(number: int, settings: Settings) -> Score:
        with stage(f"trial {number}"):
            return train(number, settings)

    search.run(train_visibly, lambda trial: None)


def _trainer(search: Search, dataset: Dataset) -> Callable[[int, Settings], Score]:
    """A function that trains a trial like `fit` and measures it on the validation split."""
    import keras

    from train.learning.epochs import train_epochs
    from train.sweep.tuner import Score

    dataset = dataset.holding_out(search.base.validation_split)
    split = with_drawings(dataset, search.base)

    def train(_number: int, settings: Settings) -> Score:
        keras.utils.clear_session()  # the model of the previous trial
        begin = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
            kept = checkpoints.begin(Path(folder), settings, dataset)
            model, _ = start(dataset, len(split), kept)
            train_epochs(model, split, dataset.validation, kept)
        seconds = time.perf_counter() - begin
        return Score(kept.history[-1]["val_accuracy"], model.count_params(), seconds)

    return train
