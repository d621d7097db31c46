"""`python -m train check`."""

from pathlib import Path

import click

from train.commands import data_option
from train.settings import Settings


@click.command(help="Run the debugging checklist: check the data, the model and a short training run.")
@data_option
@click.option(
    "--model", type=click.Path(path_type=Path), help="A trained .h5 or .keras instead of the default CNN."
)
@click.option(
    "--lr", type=click.FloatRange(min=0), default=Settings().rate, show_default=True, help="Learning rate."
)
def check(data: str | None, model: Path | None, lr: float) -> None:
    from contextlib import nullcontext

    from train.checks.suite import COUNT, checkup, demand_health, print_finding, read_splits
    from train.console.progress import stage
    from train.console.quiet import import_tensorflow
    from train.model_file.model_file import taken

    with taken(model) if model else nullcontext() as file:  # judged before pen digits are drawn, say
        with stage("reading the dataset"):
            splits = read_splits(data)
        with stage("starting TensorFlow"):
            import_tensorflow()
        given = file.load() if file else None
    findings = {}
    with stage("checking", total=COUNT) as step:
        for name, finding in checkup(splits, lr, given):
            findings[name] = finding
            print_finding(name, finding)
            step()
    demand_health(findings)
