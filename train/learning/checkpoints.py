"""The checkpoints of an unfinished training run: its best and its last epoch.

They are kept in a hidden folder of the output folder until the run is complete. A checkpoint is a `.keras`
file, which includes the weights, the optimizer and the schedule. `state.json` lists the complete epochs and
is replaced atomically once a checkpoint is written, so a run may be killed at any moment.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from train.console.quiet import quiet
from train.console.say import say
from train.console.text import one_line, plain
from train.errors import ResumeError
from train.input.json_form import misfit
from train.input.json_text import parse_json
from train.input.regular_file import MissingError, UnreadableError, read_regular
from train.output.move import move, sync, sync_entries
from train.output.staging import writing
from train.settings import Settings, out_of_range

if TYPE_CHECKING:
    import keras

    from train.data.dataset import Dataset

FOLDER = ".training-unfinished"
STATE = "state.json"
MOST_BYTES = 20_000_000  # of the state: a hundred thousand epochs
TENSORBOARD = "tensorboard"  # a folder of logs


class Identity(TypedDict):
    """The form of a dataset's entry in `state.json`."""

    name: str
    sha256: str


class State(TypedDict):
    """The form of `state.json`."""

    settings: Settings
    dataset: Identity
    history: list[dict[str, float]]


@dataclass(slots=True)
class Checkpoints:
    """The checkpoints of one run.

    Attributes:
        out: The output folder.
        settings: The settings of the run.
        dataset: Name and content hash of the dataset.
        history: The figures of each complete epoch.
    """

    out: Path
    settings: Settings
    dataset: dict[str, str]
    history: list[dict[str, float]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder with everything of the unfinished run."""
        return self.out / FOLDER

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, counted from 0; the first if there are several."""
        losses = [entry["val_loss"] for entry in self.history]
        return min(range(len(losses)), key=lambda epoch: (math.isnan(losses[epoch]), losses[epoch]))

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch."""
        return self._checkpoint(self.best_epoch)

    @property
    def last(self) -> Path:
        """The checkpoint of the last complete epoch."""
        return self._checkpoint(len(self.history) - 1)

    @property
    def complete(self) -> bool:
        """Whether the training is over: all epochs are done, or the patience is exhausted."""
        done, patience = len(self.history), self.settings.patience
        exhausted = bool(done and patience and done - 1 - self.best_epoch >= patience)
        return exhausted or done >= self.settings.epochs

    def save(self, model: keras.Model, measured: Mapping[str, float]) -> None:
        """Save the epoch that has just ended.

        Args:
            model: The model, compiled with the optimizer that trains it.
            measured: The figures of the epoch, by Keras's names.

        Raises:
            OutputError: If it can't be written.
        """
        self.history.append(dict(measured))
        with writing(self.out):
            self.folder.mkdir(parents=True, exist_ok=True)
            with quiet():
                model.save(self.last)
            sync(self.last)
            state = {"settings": self.settings.to_json(), "dataset": self.dataset, "history": self.history}
            new = self.folder / "state.json.new"
            new.write_text(json.dumps(state), encoding="utf-8", newline="\n")
            sync(new)
            move(new, self.folder / STATE)
            sync_entries(self.folder)
            for other in set(self.folder.glob("*.keras")) - {self.best, self.last}:
                other.unlink()

    def discard(self) -> None:
        """Remove all traces of the unfinished run."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def discard_if_useless(self) -> None:
        """Remove the folder if no epoch is complete, because the run can't be resumed then."""
        if not (self.folder / STATE).exists():
            self.discard()

    def _checkpoint(self, epoch: int) -> Path:
        return self.folder / f"epoch-{epoch + 1}.keras"


def begin(out: Path, settings: Settings, dataset: Dataset) -> Checkpoints:
    """The checkpoints of a new run, still empty. An earlier unfinished run is removed, and stdout says so."""
    checkpoints = Checkpoints(out, settings, _identity(dataset))
    if (checkpoints.folder / STATE).exists():
        say(f"this run replaces the unfinished one in {out}, which --resume would have continued")
    checkpoints.discard()
    return checkpoints


def resume(out: Path, settings: Settings, dataset: Dataset) -> Checkpoints:
    """The checkpoints of the unfinished run in `out`.

    Raises:
        ResumeError: If there is none, or its settings or data are different.
    """
    found = find_unfinished(out)
    for name in (entry.name for entry in fields(Settings)):
        theirs, ours = getattr(found.settings, name), getattr(settings, name)
        if theirs != ours:
            raise ResumeError(
                f"expected {name.replace('_', ' ')} {theirs} as in the unfinished run in {out}, "
                f"found {ours}: leave the option out, or start again without --resume"
            )
    if found.dataset != _identity(dataset):
        raise ResumeError(
            f"expected the data of the unfinished run in {out}, {_described(found.dataset)}, found "
            f"{_described(_identity(dataset))}: choose the same with --data, or start again without --resume"
        )
    return found


def find_unfinished(out: Path) -> Checkpoints:
    """The checkpoints in `out`, with any settings.

    Raises:
        ResumeError: If there are none, or they can't be read.
    """
    path = out / FOLDER / STATE
    try:
        state = parse_json(read_regular(path, MOST_BYTES))
        if reason := misfit(state, State, "state"):
            raise ValueError(f"expected {reason}")
        settings = Settings.from_json(state["settings"])
        if reason := out_of_range(settings):
            raise ValueError(f"expected {reason}")
        found = Checkpoints(out, settings, state["dataset"], state["history"])
        missing = [kept for kept in (found.best, found.last) if not kept.is_file()]
    except MissingError:
        raise ResumeError(
            f"expected an unfinished training run in {out}, found none: start one without --resume"
        ) from None
    except (UnreadableError, ValueError, TypeError, KeyError) as error:
        raise ResumeError(
            f"expected the state of a training run in {path}, it can't be read ({plain(str(error), 300)}): "
            "start again without --resume"
        ) from None
    if missing:
        raise ResumeError(f"expected a checkpoint at {missing[0]}, found none: start again without --resume")
    return found


def _identity(dataset: Dataset) -> dict[str, str]:
    return {"name": dataset.name, "sha256": dataset.sha256}


def _described(identity: Mapping[str, Any]) -> str:
    return f"{identity['name']} (sha256 {identity['sha256'][:12]}...)"


def load(path: Path) -> keras.Model:
    """The model of a checkpoint, compiled, with the state of its optimizer.

    Raises:
        ResumeError: If it can't be loaded.
    """
    import keras

    try:
        with quiet():
            return keras.models.load_model(path)
    except Exception as error:  # Keras raises many kinds; the cause is always the file
        raise ResumeError(
            f"expected a checkpoint of Keras {keras.__version__} at {path}, it can't be loaded "
            f"({one_line(error)}): start again without --resume"
        ) from error
