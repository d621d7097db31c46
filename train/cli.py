"""The command line. What a command needs it imports itself: `--help` answers at once."""

from __future__ import annotations

from pathlib import Path

import click

from train.settings import Settings

DEFAULTS = Settings()


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
@click.option("--model", type=click.Choice(["cnn", "mlp"]), default=DEFAULTS.model, show_default=True)
@click.option("--epochs", type=click.IntRange(min=1), default=DEFAULTS.epochs, show_default=True)
@click.option("--batch-size", type=click.IntRange(min=1), default=DEFAULTS.batch_size, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULTS.seed, show_default=True)
@click.option(
    "--pen-share",
    type=click.FloatRange(0, 10),
    default=DEFAULTS.pen_share,
    show_default=True,
    help="Pen digits mixed into MNIST, as a share of its images.",
)
@click.option("--data", help="An .npz in Keras layout, or mnist, or pen for the embedded digits.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("artifacts"), show_default=True)
def fit(
    model: str, epochs: int, batch_size: int, seed: int, pen_share: float, data: str | None, out: Path
) -> None:
    """Train a model; write model.h5 and training/ into the output folder."""
    from train.data import find_dataset
    from train.fit import fit as fit_model

    print(fit_model(find_dataset(data), Settings(model, epochs, batch_size, seed, pen_share), out))


@cli.command()
@click.option(
    "--model", type=click.Path(path_type=Path), default=Path("artifacts/model.h5"), show_default=True
)
@click.option("--drawings", type=click.Path(path_type=Path), help="Pen strokes as JSON lines.")
@click.option(
    "--scale", type=click.FloatRange(0.05, 1), default=0.7, show_default=True, help="Of the canvas."
)
@click.option("--line", type=click.FloatRange(1, 100), default=20, show_default=True, help="Of 280 pixels.")
@click.option("--data", help="An .npz in Keras layout, or mnist, or pen: its test split.")
def evaluate(model: Path, drawings: Path | None, scale: float, line: float, data: str | None) -> None:
    """Say how well a model reads: drawings as the page's canvas shows them, or a test split."""
    import numpy as np

    from train.contract import InputContract
    from train.data import find_dataset
    from train.drawings import as_pictures, read_drawings
    from train.evaluate import answers_of, confusion, describe

    if drawings:
        drawn = read_drawings(drawings)
        images = as_pictures(drawn, InputContract(), scale=scale, line=line / 280)
        labels = np.array([drawing.label for drawing in drawn], np.uint8)
    else:
        test = find_dataset(data).test
        images, labels = test.images, test.labels
    print(describe(confusion(labels, answers_of(model, images))))
