"""KerasTuner's part of a sweep: it draws the trials, and hands them to workers over its gRPC service."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from train.errors import SweepError
from train.settings import Settings
from train.sweep.search_space import draw_settings
from train.sweep.worker_role import PORT, Role, address, find_role, wait_for_chief

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what goes wrong is told in one line
# Keras comes with it: import this module after `train.console.quiet.import_tensorflow`.
import keras_tuner


@dataclass(frozen=True, slots=True)
class Score:
    """What training a trial's settings came to.

    Attributes:
        accuracy: Share of right answers on the validation split, 0..1.
        parameters: Number of the model's weights, those that aren't trained included.
        seconds: How long it took.
    """

    accuracy: float
    parameters: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that has been trained.

    Attributes:
        number: From 1, in the order in which the trials were drawn.
        settings: With these `train.learning.fit.fit` trains it again.
        score: What it came to.
    """

    number: int
    settings: Settings
    score: Score


@dataclass(frozen=True, slots=True)
class Search:
    """A random search for the settings with the highest accuracy on the validation split.

    Random, because the schedules of the learning rate are stretched over the epochs, of which KerasTuner's
    Hyperband gives each trial another number, and its Bayesian search draws the first 18 trials of six
    settings at random too.

    Attributes:
        base: What isn't varied. Its seed draws the trials too: the same seed gives the same ones.
        trials: How many there are.
        dataset: Name and content hash of the data, for the workers to compare with theirs.
    """

    base: Settings
    trials: int
    dataset: str

    def run(self, train: Callable[[int, Settings], Score], ended: Callable[[Trial], None]) -> list[Trial]:
        """Draw the trials and train them; as chief have workers train them, as worker train those one gets.

        Args:
            train: Trains the settings of the trial with this number.
            ended: Called with each trial that has been trained, except in a worker.

        Returns:
            The trials, best first; none in a worker.

        Raises:
            SweepError: If the chief can't serve, can't be reached, or searches for something else.
        """
        oracle = _Oracle(self, ended)
        with tempfile.TemporaryDirectory() as state:
            tuner = _Tuner(self, train, oracle=oracle, directory=state, project_name="sweep")
            try:
                tuner.search()
            except keras_tuner.errors.FatalError as stopped:
                raise stopped.__cause__ or stopped from None
        trials = [_as_trial(self, trial) for trial in oracle.trials.values()]
        return sorted(trials, key=lambda trial: -trial.score.accuracy)

    @property
    def identity(self) -> str:
        """What chief and workers have to agree on."""
        base = self.base
        return f"--model {base.model} --epochs {base.epochs} --seed {base.seed}, data {self.dataset}"


class _Oracle(keras_tuner.oracles.RandomSearchOracle):  # type: ignore[misc]  # without types
    """Draws the trials and hears what they came to; in a worker the chief's is asked instead."""

    def __init__(self, search: Search, ended: Callable[[Trial], None]) -> None:
        space = keras_tuner.HyperParameters()
        space.Fixed("sweep", search.identity)
        draw_settings(space, search.base)
        super().__init__(
            objective=keras_tuner.Objective("accuracy", "max"),
            max_trials=search.trials,
            seed=search.base.seed + 1,  # 0 would be taken for none
            hyperparameters=space,
        )
        self.verbose = 0
        self._search, self._ended = search, ended

    @keras_tuner.synchronized  # type: ignore[untyped-decorator]
    def end_trial(self, trial: keras_tuner.engine.trial.Trial) -> None:
        """Note that a trial has been trained."""
        super().end_trial(trial)
        self._ended(_as_trial(self._search, self.trials[trial.trial_id]))


class _Tuner(keras_tuner.Tuner):  # type: ignore[misc]  # without types
    """Trains one trial after the other; as chief it only serves."""

    def __init__(self, search: Search, train: Callable[[int, Settings], Score], **options: object) -> None:
        super().__init__(**options)
        self._search, self._train = search, train

    def search(self) -> None:
        """Serve, or train trials, until there are none left."""
        try:
            super().search()
        except RuntimeError as error:
            if find_role() is not Role.CHIEF:
                raise
            reason = str(error).partition(";")[0]
            raise SweepError(
                f"expected to serve trials at {address()}, it can't be ({reason}): name another {PORT}"
            ) from error

    def pre_create_trial(self) -> None:
        """Before a worker asks for a trial: KerasTuner itself would wait an hour for a chief that has ended.

        Raises:
            SweepError: If the chief can't be reached, or searches for something else.
        """
        if not self._is_worker():
            return
        wait_for_chief()
        theirs, ours = self.oracle.get_space().get("sweep"), self._search.identity
        if theirs != ours:
            raise SweepError(
                f"expected the options of the chief, {theirs}, found {ours}: start the worker with the same"
            )

    def run_trial(self, trial: keras_tuner.engine.trial.Trial) -> dict[str, float]:
        """Train one trial. Whatever goes wrong ends the search: the next trial would fare no better."""
        try:
            score = self._train(_number(trial), draw_settings(trial.hyperparameters, self._search.base))
            if self._is_worker():
                wait_for_chief()
        except Exception as error:
            raise keras_tuner.errors.FatalError from error
        return {"accuracy": score.accuracy, "parameters": score.parameters, "seconds": score.seconds}


def _as_trial(search: Search, trial: keras_tuner.engine.trial.Trial) -> Trial:
    def measured(name: str) -> float:
        return float(trial.metrics.get_last_value(name))

    return Trial(
        _number(trial),
        draw_settings(trial.hyperparameters, search.base),
        Score(measured("accuracy"), int(measured("parameters")), measured("seconds")),
    )


def _number(trial: keras_tuner.engine.trial.Trial) -> int:
    return int(trial.trial_id) + 1
