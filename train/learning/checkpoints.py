"""What an unfinished training run has learnt so far, on disk: its best and its last epoch.

It lies in a hidden folder of the output folder until the run is complete. A checkpoint is a `.keras` file, in
which Keras keeps weights, optimizer and schedule; `state.json`, replaced in one step once the checkpoint is
written, says which epochs there are. So a run may be killed at any moment.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from train.console.quiet import quiet
from train.console.text import one_line
from train.errors import ResumeError
from train.output.staging import writing
from train.output.transaction import sync, sync_entries
from train.settings import Settings

if TYPE_CHECKING:
    import keras

    from train.data.dataset import Dataset

FOLDER = ".training-unfinished"
STATE = "state.json"


@dataclass(slots=True)
class Checkpoints:
    """The checkpoints of one run.

    Attributes:
        out: The output folder.
        settings: What the run was told.
        dataset: Name and content hash of what it trains on.
        history: What was measured, an entry for each complete epoch.
    """

    out: Path
    settings: Settings
    dataset: dict[str, str]
    history: list[dict[str, float]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where everything of the unfinished run lies."""
        return self.out / FOLDER

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, from 0; the first of equals."""
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
        """Whether nothing is left to train: all epochs are done, or patience is at its end."""
        done = len(self.history)
        if done >= self.settings.epochs:
            return True
        return bool(done and self.settings.patience) and (
            done - 1 - self.best_epoch >= (self.settings.patience or 0)
        )

    def save(self, model: keras.Model, measured: Mapping[str, float]) -> None:
        """Keep the epoch that has just ended.

        Args:
            model: Compiled with the optimizer that trains it.
            measured: By the names that Keras gives them; plain floats.

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
            new.write_text(json.dumps(state), encoding="utf-8")
            sync(new)
            new.replace(self.folder / STATE)
            sync_entries(self.folder)
            for other in set(self.folder.glob("*.keras")) - {self.best, self.last}:
                other.unlink()

    def load_last(self) -> keras.Model:
        """The model as it was when the last complete epoch ended, compiled, with its optimizer's state."""
        return _load(self.last)

    def load_best(self) -> keras.Model:
        """The model as it was when the best epoch ended."""
        return _load(self.best)

    def discard(self) -> None:
        """Remove all traces of the unfinished run."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def discard_if_useless(self) -> None:
        """Remove what lies there if no epoch is complete: it couldn't be resumed."""
        if not (self.folder / STATE).exists():
            self.discard()

    def _checkpoint(self, epoch: int) -> Path:
        return self.folder / f"epoch-{epoch + 1}.keras"


def begin(out: Path, settings: Settings, dataset: Dataset) -> Checkpoints:
    """The checkpoints of a new run, none so far. An earlier unfinished run gives way, and stdout says so."""
    checkpoints = Checkpoints(out, settings, _identity(dataset))
    if (checkpoints.folder / STATE).exists():
        print(f"the unfinished run in {out} gives way to this one; --resume would have gone on with it")
    checkpoints.discard()
    return checkpoints


def resume(out: Path, settings: Settings, dataset: Dataset) -> Checkpoints:
    """The checkpoints of the unfinished run in `out`.

    Raises:
        ResumeError: If there is none, or it was told or given something else.
    """
    found = find_unfinished(out)
    for name in (entry.name for entry in fields(Settings)):
        theirs, ours = getattr(found.settings, name), getattr(settings, name)
        if theirs != ours:
            raise ResumeError(
                f"expected {name.replace('_', ' ')} {theirs}, with which the unfinished run in {out} began, "
                f"found {ours}: leave the option out, or train anew without --resume"
            )
    if found.dataset != _identity(dataset):
        raise ResumeError(
            f"expected the data of the unfinished run in {out}, {_described(found.dataset)}, found "
            f"{_described(_identity(dataset))}: name the same with --data, or train anew without --resume"
        )
    return found


def find_unfinished(out: Path) -> Checkpoints:
    """The checkpoints in `out`, whatever their settings.

    Raises:
        ResumeError: If there are none, or they can't be read.
    """
    path = out / FOLDER / STATE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        found = Checkpoints(out, Settings.from_json(state["settings"]), state["dataset"], state["history"])
        missing = [kept for kept in (found.best, found.last) if not kept.is_file()]
    except FileNotFoundError:
        raise ResumeError(
            f"expected an unfinished training run in {out}, found none: leave --resume out to begin one"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ResumeError(
            f"expected the state of a training run in {path}, it can't be read ({error}): "
            "train anew without --resume"
        ) from None
    if missing:
        raise ResumeError(f"expected a checkpoint at {missing[0]}, found none: train anew without --resume")
    return found


def _identity(dataset: Dataset) -> dict[str, str]:
    return {"name": dataset.name, "sha256": dataset.sha256}


def _described(identity: Mapping[str, Any]) -> str:
    return f"{identity['name']} (sha256 {identity['sha256'][:12]}...)"


def _load(path: Path) -> keras.Model:
    import keras

    try:
        with quiet():
            return keras.models.load_model(path)
    except Exception as error:  # whatever Keras raises, the file is what is wrong
        raise ResumeError(
            f"expected a checkpoint of Keras {keras.__version__} at {path}, it can't be loaded "
            f"({one_line(error)}): train anew without --resume"
        ) from error
