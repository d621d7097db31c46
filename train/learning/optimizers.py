"""The optimizers and their learning rate schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.settings import Settings

if TYPE_CHECKING:
    import keras

# One cycle (Smith 2018, https://arxiv.org/abs/1803.09820): up for a quarter of the run, then cosine decay.
WARM_UP = 0.25
START = 1 / 20  # of the peak
END = 1 / 20_000  # of the peak
WEIGHT_DECAY = 1e-3
MOMENTUM = 0.9
MUON_WEIGHT_DECAY = 2e-2  # of kernels; all other weights decay as with AdamW
LAST_LAYERS = ["logits", "probabilities"]  # parts of their names, see `train.network.architectures`


def build_optimizer(settings: Settings, steps: int) -> keras.optimizers.Optimizer:
    """The optimizer according to the settings.

    Args:
        settings: Its kind, learning rate and schedule.
        steps: Number of steps of the whole run, over which the schedule extends.

    Returns:
        AdamW (decoupled weight decay, Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), Adam
        (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980), SGD with Nesterov momentum, or Muon, see
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
            rate, weight_decay=MUON_WEIGHT_DECAY, adam_weight_decay=WEIGHT_DECAY, exclude_layers=LAST_LAYERS
        )
    return optimizers.SGD(rate, momentum=MOMENTUM, nesterov=True)


def portable(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer to save in files that Keras alone must be able to load and train further.

    Returns:
        The optimizer itself, or a new AdamW instead of Muon, which Keras doesn't have for convolutions.
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
