"""A random search by KerasTuner, which draws the trials and distributes them to workers by gRPC."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from train.errors import SweepError
from train.settings import Settings
from train.sweep.search_space import draw_settings
from train.sweep.worker_role import PORT, Role, address, find_role, wait_for_chief

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # errors are reported in one line
# It imports Keras, so import this module after `train.console.quiet.import_tensorflow`.
import keras_tuner


@dataclass(frozen=True, slots=True)
class Score:
    """The result of training with a trial's settings.

    Attributes:
        accuracy: Accuracy on the validation split, 0..1.
        parameters: Number of the model's weights, trainable or not.
        seconds: Duration of the training.
    """

    accuracy: float
    parameters: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that has been trained.

    Attributes:
        number: From 1, in the order in which the trials were drawn.
        settings: The settings, with which `train.learning.fit.fit` repeats the trial.
        score: The result.
    """

    number: int
    settings: Settings
    score: Score


@dataclass(frozen=True, slots=True)
class Search:
    """A random search for the settings with the highest accuracy on the validation split.

    Hyperband is no alternative, because it gives trials different numbers of epochs, over which the learning
    rate schedules extend; KerasTuner's Bayesian search of six settings also starts with 18 random trials.

    Attributes:
        base: The settings that aren't varied. Their seed also determines the trials.
        trials: Number of trials.
        dataset: Name and content hash of the data; chief and workers must have the same.
    """

    base: Settings
    trials: int
    dataset: str

    def run(self, train: Callable[[int, Settings], Score], ended: Callable[[Trial], None]) -> list[Trial]:
        """Draw the trials and train them. A chief only serves them, a worker trains those that it receives.

        Args:
            train: Trains the trial with a number and settings.
            ended: Called after each trial, except in a worker.

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
        """What must be the same for chief and workers."""
        base = self.base
        return f"--model {base.model} --epochs {base.epochs} --seed {base.seed}, data {self.dataset}"


class _Oracle(keras_tuner.oracles.RandomSearchOracle):
    """Draws the trials and receives their results. In a worker KerasTuner calls the chief's instead."""

    def __init__(self, search: Search, ended: Callable[[Trial], None]) -> None:
        space = keras_tuner.HyperParameters()
        space.Fixed("sweep", search.identity)
        draw_settings(space, search.base)
        super().__init__(
            objective=keras_tuner.Objective("accuracy", "max"),
            max_trials=search.trials,
            seed=search.base.seed + 1,  # KerasTuner treats 0 as no seed
            hyperparameters=space,
        )
        self.verbose = 0
        self._search, self._ended = search, ended

    @keras_tuner.synchronized  # type: ignore[untyped-decorator]
    def end_trial(self, trial: keras_tuner.engine.trial.Trial) -> None:
        """Report a trial that has been trained."""
        super().end_trial(trial)
        self._ended(_as_trial(self._search, self.trials[trial.trial_id]))


class _Tuner(keras_tuner.Tuner):
    """Trains one trial after another, except in the chief, which only serves them."""

    def __init__(self, search: Search, train: Callable[[int, Settings], Score], **options: object) -> None:
        super().__init__(**options)
        self._search, self._train = search, train

    def search(self) -> None:
        """Serve or train trials until none is left."""
        try:
            super().search()
        except RuntimeError as error:
            if find_role() is not Role.CHIEF:
                raise
            reason = str(error).partition(";")[0]
            raise SweepError(
                f"expected to serve trials at {address()}, it can't be ({reason}): choose another {PORT}"
            ) from error

    def pre_create_trial(self) -> None:
        """Wait for the chief before a worker requests a trial: KerasTuner would wait an hour if it has ended.

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
        """Train one trial. Any error ends the search, because the next trial would fail, too."""
        try:
            score = self._train(_number(trial), draw_settings(trial.hyperparameters, self._search.base))
            if self._is_worker():
                wait_for_chief()
        except Exception as error:
            raise keras_tuner.errors.FatalError from error
        return {"accuracy": score.accuracy, "parameters": score.parameters, "seconds": score.seconds}


def _as_trial(search: Search, trial: keras_tuner.engine.trial.Trial) -> Trial:
    names = ("accuracy", "parameters", "seconds")
    accuracy, parameters, seconds = map(trial.metrics.get_last_value, names)
    score = Score(float(accuracy), int(parameters), float(seconds))
    return Trial(_number(trial), draw_settings(trial.hyperparameters, search.base), score)


def _number(trial: keras_tuner.engine.trial.Trial) -> int:
    return int(trial.trial_id) + 1
