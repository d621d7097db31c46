"""The settings of a training run, and the presets. It imports no NumPy, to keep the command line fast."""

from train.settings.presets import PRESETS, preset
from train.settings.ranges import ACTIVATIONS, LARGEST, MODELS, OPTIMIZERS, RANGES, SCHEDULES, out_of_range
from train.settings.settings import ONLY_FOR, Convolution, Network, Settings

__all__ = [
    "ACTIVATIONS",
    "LARGEST",
    "MODELS",
    "ONLY_FOR",
    "OPTIMIZERS",
    "PRESETS",
    "RANGES",
    "SCHEDULES",
    "Convolution",
    "Network",
    "Settings",
    "out_of_range",
    "preset",
]
