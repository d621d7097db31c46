"""`python -m train fit`."""

from __future__ import annotations

from pathlib import Path

import click

from train.settings import Settings

DEFAULTS = Settings()


@click.command()
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
