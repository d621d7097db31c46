"""`python -m train predict`."""

from pathlib import Path

import click


@click.command(
    help="Read the digit in each picture file and print path, digit and probability.\n\n"
    "A picture shows a digit, or several side by side, dark on light or light on dark: drawn, scanned or "
    "photographed. A question mark stands for what is no digit that the model knows."
)
@click.argument("images", metavar="IMAGE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--model", type=click.Path(path_type=Path), default=Path("artifacts/model.h5"), show_default=True
)
def predict(images: tuple[Path, ...], model: Path) -> None:
    import numpy as np

    from train.console.say import say, warn
    from train.evaluation.predict import describe, read_digits
    from train.model_file.known_from import read_known_from
    from train.model_file.model_file import taken
    from train.model_file.running import run_model
    from train.model_file.signature import contract_of

    with taken(model) as file:
        classifier, known_from = file.load(), read_known_from(file.path)
    contract = contract_of(classifier, model)
    paths, pictures, errors = read_digits(images, contract)
    if paths:
        predictions = run_model(classifier, pictures, lambda some: some.astype(np.float32))
        for path, count in paths:
            say(describe(path, pictures[:count], predictions[:count], known_from, contract))
            pictures, predictions = pictures[count:], predictions[count:]
    if errors:
        for error in errors[:-1]:
            warn(str(error))
        raise errors[-1]
