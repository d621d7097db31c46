"""The commands: one file each, containing a click command of the same name, which `train.cli` discovers.

What a command does stands in its `help`, since `python -OO` has no docstrings.
"""

import click

from train.settings import RANGES

data_option = click.option(
    "--data",
    help="Dataset: an .npz, a folder of pictures by class, mnist, fashion_mnist, cifar10, cifar100, or pen "
    "for the embedded digits.",
)


def within(setting: str) -> click.IntRange | click.FloatRange:
    """The type of an option that takes a setting of `train.settings.RANGES`."""
    low, high, low_open, high_open = RANGES[setting]
    if isinstance(low, int):
        return click.IntRange(low, int(high))
    return click.FloatRange(low, high, min_open=low_open, max_open=high_open)
