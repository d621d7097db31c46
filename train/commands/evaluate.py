"""`python -m train evaluate`."""

from pathlib import Path

import click

from train.commands import data_option


@click.command(
    help="Show accuracy, recall and confusions on a test split, or on drawings rendered like the page's."
)
@click.option(
    "--model", type=click.Path(path_type=Path), default=Path("artifacts/model.h5"), show_default=True
)
@click.option("--drawings", type=click.Path(path_type=Path), help="Pen strokes as JSON lines.")
@click.option(
    "--scale", type=click.FloatRange(0.05, 1), default=0.7, show_default=True, help="Fraction of the canvas."
)
@click.option(
    "--line", type=click.FloatRange(1, 100), default=20, show_default=True, help="Width, of 280 pixels."
)
@data_option
def evaluate(model: Path, drawings: Path | None, scale: float, line: float, data: str | None) -> None:
    import numpy as np

    from train.contract import InputContract
    from train.data.dataset import find_dataset
    from train.drawing.strokes import as_pictures, read_drawings
    from train.evaluation.evaluate import confusion, predict_classes, print_confusion
    from train.model_file.model_file import load_model
    from train.model_file.signature import contract_of

    if drawings:
        drawn = read_drawings(drawings)
        images = as_pictures(drawn, InputContract(), scale=scale, line=line / 280)
        labels = np.array([drawing.label for drawing in drawn], np.uint8)
    classifier = load_model(model)
    if not drawings:
        wanted = contract_of(classifier, model).shape
        test = find_dataset(data, wanted).demanding_classes().test
        images, labels = test.images, test.labels
    print_confusion(confusion(labels, predict_classes(classifier, model, images)))
