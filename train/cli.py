"""The command line. Each command imports what it needs when it runs, so `--help` is immediate."""

from importlib import import_module
from pkgutil import iter_modules

import click

from train import commands


class FitByDefault(click.Group):
    """`python -m train --epochs 3` is `python -m train fit --epochs 3`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Insert `fit` if no command is named."""
        if not args or (args[0].startswith("-") and args[0] not in context.help_option_names):
            args = ["fit", *args]
        return super().parse_args(context, args)


@click.group(
    cls=FitByDefault,
    help="Train a digit classifier on MNIST and save it as a Keras .h5.\n\n"
    "Without a command, the options are those of fit.",
)
def cli() -> None:
    pass


for _module in iter_modules(commands.__path__):
    cli.add_command(getattr(import_module(f"{commands.__name__}.{_module.name}"), _module.name))
