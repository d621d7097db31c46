"""The optimizers and the schedules of their learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.settings import Settings

if TYPE_CHECKING:
    import keras

# One cycle (Smith 2018, https://arxiv.org/abs/1803.09820): up for a quarter of the run, then down by cosine.
WARM_UP = 0.25
START = 1 / 20  # of the peak
END = 1 / 20_000  # of the peak
WEIGHT_DECAY = 1e-3
MOMENTUM = 0.9
MUON_WEIGHT_DECAY = 2e-2  # of kernels; the rest as AdamW has it
LAST_LAYERS = ["logits", "probabilities"]  # by what their names hold, see `train.network.architectures`


def build_optimizer(settings: Settings, steps: int) -> keras.optimizers.Optimizer:
    """The optimizer that the settings name.

    Args:
        settings: Which one, its learning rate and its schedule.
        steps: Length of the whole run, which the schedule is stretched over.

    Returns:
        AdamW (decoupled weight decay, Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), Adam
        (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980), SGD with Nesterov's momentum, or Muon, see
        `train.learning.muon`.
    """
    from keras import optimizers

    rate = _schedule(settings, steps)
    if settings.optimizer == "adamw":
        return optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)
    if settings.optimizer == "adam":
        return optimizers.Adam(rate)
    if settings.optimizer == "muon":
        from train.learning.muon import Muon

        return Muon(
            rate,
            weight_decay=MUON_WEIGHT_DECAY,
            adam_weight_decay=WEIGHT_DECAY,
            exclude_layers=LAST_LAYERS,
        )
    return optimizers.SGD(rate, momentum=MOMENTUM, nesterov=True)


def portable(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """An optimizer for files that Keras alone must be able to load, and to go on training with.

    Returns:
        The optimizer itself, or a new AdamW in the place of Muon, which Keras doesn't have for convolutions.
    """
    from keras import optimizers

    if isinstance(optimizer, optimizers.Muon):
        return optimizers.AdamW(weight_decay=WEIGHT_DECAY)
    return optimizer


def _schedule(settings: Settings, steps: int) -> keras.optimizers.schedules.LearningRateSchedule | float:
    from keras.optimizers.schedules import CosineDecay

    if settings.schedule == "constant":
        return settings.rate
    if settings.schedule == "cosine":
        return CosineDecay(settings.rate, decay_steps=steps, alpha=END)
    warm_up = round(steps * WARM_UP)
    return CosineDecay(
        settings.rate * START,
        decay_steps=max(1, steps - warm_up),
        alpha=END,
        warmup_target=settings.rate,
        warmup_steps=warm_up,
    )
