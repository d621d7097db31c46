"""What each setting may be."""

from __future__ import annotations

from typing import NamedTuple

from train.settings.settings import Settings

MODELS = ("cnn", "mlp")
# Every export target supports these: 16-bit TFLite has no ELU, TensorFlow.js layers models no leaky ReLU.
ACTIVATIONS = ("relu", "relu6", "tanh", "sigmoid")
SCHEDULES = ("one-cycle", "cosine", "constant")
OPTIMIZERS = ("adamw", "adam", "sgd", "muon")

LARGEST = 4096  # neurons or filters of a layer, sides of kernels; more is probably a typing error
MOST_LAYERS = 100  # of a network, and networks of an ensemble


class Range(NamedTuple):
    """From which number to which, and whether these are in it."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: float) -> bool:
        """Whether a number is in it; NaN is in none."""
        above = value > self.low if self.low_open else value >= self.low
        return above and (value < self.high if self.high_open else value <= self.high)


CHOICES = {"model": MODELS, "activation": ACTIVATIONS, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}
RANGES = {
    "epochs": Range(1, 100_000),
    "batch_size": Range(1, 1_000_000),
    "seed": Range(0, 2**32 - 1),  # NumPy's
    "patience": Range(1, 100_000),
    "pen_share": Range(0.0, 10.0),
    "non_digits": Range(0.0, 10.0),
    "elastic": Range(0.0, 3.0),
    "label_smoothing": Range(0.0, 1.0, high_open=True),
    "dropout": Range(0.0, 1.0, high_open=True),
    "rate": Range(0.0, 1e6, low_open=True),
    "validation_split": Range(0.0, 1.0, low_open=True, high_open=True),
}


def out_of_range(settings: Settings) -> str | None:
    """Why no command line asks for such settings, to follow the word `expected`; None if one may."""
    for name, choices in CHOICES.items():
        if (value := getattr(settings, name)) not in choices:
            return f"{name} to be one of {', '.join(choices)}, found {value!r}"
    for name, allowed in RANGES.items():
        value = getattr(settings, name)
        if value is not None and not allowed.holds(value):
            return f"{name.replace('_', ' ')} from {allowed.low:g} to {allowed.high:g}, found {value}"
    networks = settings.convolutions
    if not all(0 < len(parts) <= MOST_LAYERS for parts in (settings.hidden, networks, *networks)):
        return f"1 to {MOST_LAYERS} layers"
    sizes = [*settings.hidden, *(size for network in networks for layer in network for size in layer[:3])]
    if not all(1 <= size <= LARGEST for size in sizes):
        return f"layers of 1 to {LARGEST}, found {min(sizes)} to {max(sizes)}"
    return None
