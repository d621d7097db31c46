"""Say how long a training will take, once its first steps have been measured."""

from collections.abc import Mapping
from time import perf_counter

import keras

from train.console.say import say

WARM_UP, MEASURED = 10, 30  # steps; the first ones build the graph
LONG_S = 150.0  # from which on somebody may prefer a quick training


class SayDuration(keras.callbacks.Callback):
    """Says after its first steps how long a run of `steps` will take on this machine, without validation."""

    def __init__(self, steps: int, *, quick: bool) -> None:
        """See the class; a quick run is as short as the quick preset's."""
        super().__init__()
        self._steps, self._quick, self._done, self._begin = steps, quick, 0, 0.0

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Count the step."""
        self._done += 1
        if self._done == WARM_UP:
            self._begin = perf_counter()
        elif self._done == WARM_UP + MEASURED:
            seconds = (perf_counter() - self._begin) / MEASURED * self._steps
            long = seconds > LONG_S and not self._quick
            hint = "; for a first look, start it again with --preset quick" if long else ""
            say(f"on this machine the training takes {_about(seconds)}{hint}")


def _about(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"
