"""`python -m train sweep`."""

from pathlib import Path

import click

from train.commands import data_option, within
from train.settings import MODELS, preset


@click.command(
    help="Search for hyperparameters; write a table, a chart and the best model into sweep/.\n\n"
    "The best trial has the highest accuracy on the validation split. With KERASTUNER_TUNER_ID, "
    "KERASTUNER_ORACLE_IP and KERASTUNER_ORACLE_PORT set, several processes share the work: one has the id "
    "chief, the workers any other."
)
@click.option("--model", type=click.Choice(MODELS), default="mlp", show_default=True)
@click.option("--trials", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--epochs", type=within("epochs"), default=5, show_default=True, help="Epochs of each trial.")
@click.option("--seed", type=within("seed"), default=0, show_default=True, help="Of trials and training.")
@data_option
@click.option("--out", type=click.Path(path_type=Path), default=Path("artifacts"), show_default=True)
def sweep(model: str, trials: int, epochs: int, seed: int, data: str | None, out: Path) -> None:
    from contextlib import nullcontext

    from train.console.say import say
    from train.data.dataset import find_dataset
    from train.output.staging import at_work
    from train.sweep.run import sweep as sweep_settings
    from train.sweep.worker_role import Role, find_role

    base = preset("default", model, epochs=epochs, seed=seed)
    # Role and folder may be impossible: they are judged before pen digits are drawn, say.
    role = find_role()
    with nullcontext() if role is Role.WORKER else at_work(out):
        dataset = find_dataset(data).demanding_classes()
        best = sweep_settings(dataset, base, trials, out, role=role, data=data)
    if best:
        say(str(best))
