"""The commands: one file each, containing a click command of the same name, which `train.cli` discovers.

What a command does stands in its `help`, since `python -OO` has no docstrings.
"""

import click

data_option = click.option(
    "--data",
    help="Dataset: an .npz, a folder of pictures by class, mnist, fashion_mnist, cifar10, cifar100, or pen "
    "for the embedded digits.",
)
