"""The command line. What a command needs it imports itself: `--help` answers at once."""

from __future__ import annotations

from pathlib import Path

import click


class FitByDefault(click.Group):
    """`python -m train --epochs 3` is `python -m train fit --epochs 3`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put `fit` in where no command is named."""
        if not args or (args[0].startswith("-") and args[0] not in context.help_option_names):
            args = ["fit", *args]
        return super().parse_args(context, args)


@click.group(cls=FitByDefault)
def cli() -> None:
    """Train a digit classifier on MNIST and save it as a Keras .h5.

    Where no command is named, fit is meant, and its options can follow at once.
    """


@cli.command()
@click.option("--model", type=click.Choice(["cnn", "mlp"]), default="cnn", show_default=True)
@click.option("--epochs", type=click.IntRange(min=1), default=15, show_default=True)
@click.option("--batch-size", type=click.IntRange(min=1), default=128, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--data", help="An .npz in Keras layout, or mnist, or pen for the embedded digits.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("artifacts"), show_default=True)
def fit(model: str, epochs: int, batch_size: int, seed: int, data: str | None, out: Path) -> None:
    """Train a model; write model.h5 and training/ into the output folder."""
    from train.data import find_dataset
    from train.fit import Settings
    from train.fit import fit as fit_model

    print(fit_model(find_dataset(data), Settings(model, epochs, batch_size, seed), out))
