"""`python -m train fit`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from train.commands import data_option, within
from train.network.layer_options import Convolutions, Hidden, written
from train.settings import (
    ACTIVATIONS,
    MODELS,
    ONLY_FOR,
    OPTIMIZERS,
    PRESETS,
    SCHEDULES,
    Settings,
    out_of_range,
    preset,
)

DEFAULTS = Settings()


@click.command(
    help="Train a model; write model.h5 and training/ into the output folder.\n\n"
    "A preset gives every setting a value, which an option overrides. Labels are class numbers 0, 1, 2... "
    "(sparse); y.argmax(axis=1) converts one-hot rows."
)
@click.option(
    "--preset", "preset_name", type=click.Choice(list(PRESETS)), help="Default values of the other options."
)
@click.option("--model", type=click.Choice(MODELS), help="Convolutional (the default) or fully connected.")
@click.option("--hidden", type=Hidden(), help="Neurons in the mlp's hidden layers; 10,10 by default.")
@click.option(
    "--convolutions",
    type=Convolutions(),
    help="The cnn's filters x kernel side (d: depthwise, v: unpadded) / max-pooling; + separates the "
    f"networks of an ensemble. {written(DEFAULTS.convolutions)} by default.",
)
@click.option(
    "--two-views/--one-view", default=None, help="Whether the cnn takes the mean with a smoothed picture."
)
@click.option("--activation", type=click.Choice(ACTIVATIONS), help="After each layer but the last (softmax).")
@click.option("--dropout", type=within("dropout"), help="Fraction of values dropped in training.")
@click.option(
    "--label-smoothing",
    type=within("label_smoothing"),
    help="Fraction of the target's probability that is spread over all classes.",
)
@click.option("--batch-norm/--no-batch-norm", default=None, help="In the mlp; the cnn always has it.")
@click.option("--epochs", type=within("epochs"), help="Passes over the training images.")
@click.option("--batch-size", type=within("batch_size"), help="Images per step.")
@click.option("--lr", "rate", type=within("rate"), help="Learning rate; its peak, if it varies.")
@click.option("--schedule", type=click.Choice(SCHEDULES), help="How the learning rate varies.")
@click.option(
    "--optimizer",
    type=click.Choice(OPTIMIZERS),
    help="sgd has Nesterov momentum; muon updates kernels by orthogonal matrices.",
)
@click.option(
    "--validation-split",
    type=within("validation_split"),
    help="Fraction of the training images held out; 1/12 by default, 1/60 in best.",
)
@click.option(
    "--patience",
    type=within("patience"),
    help="Stop after N epochs without a lower validation loss; the best epoch is kept, not the last.",
)
@click.option("--seed", type=within("seed"), help="Seed of weights, order, augmentation and dropout.")
@click.option("--augment/--no-augment", default=None, help="Shift, rotate, slant and scale each image.")
@click.option("--elastic", type=within("elastic"), help="Elastic distortion, in pixels; 0 by default.")
@click.option("--pen-share", type=within("pen_share"), help="Pen digits mixed into MNIST, per image.")
@click.option("--non-digits", type=within("non_digits"), help="Letters and scribbles mixed in, likewise.")
@click.option("--tensorboard", is_flag=True, default=None, help="Write logs into training/tensorboard.")
@click.option("--resume", is_flag=True, help="Continue a run that was killed or interrupted.")
@data_option
@click.option("--out", type=click.Path(path_type=Path), default=Path("artifacts"), show_default=True)
def fit(preset_name: str | None, resume: bool, data: str | None, out: Path, **options: Any) -> None:
    from train.console.say import say
    from train.data.dataset import find_dataset
    from train.learning.checkpoints import find_unfinished
    from train.learning.fit import fit as fit_model
    from train.output.staging import at_work

    given = {name: value for name, value in options.items() if value is not None}
    if resume and preset_name is None:
        settings = replace(find_unfinished(out).settings, **given)
    else:
        model = given.pop("model", DEFAULTS.model)
        settings = preset(preset_name or "default", model, **given)
    _refuse_unused(settings.model, given)
    if reason := out_of_range(settings):  # such as NaN
        raise click.UsageError(f"expected {reason}")
    with at_work(out):  # which may be impossible, before pen digits are drawn, say
        dataset = find_dataset(data).demanding_classes()
        model_file = fit_model(dataset, settings, out, resume=resume)
    say(str(model_file))


def _refuse_unused(model: str, given: dict[str, Any]) -> None:
    """Refuse an option that doesn't apply to the model: it is probably a mistake."""
    for name, only in ONLY_FOR.items():
        if name in given and model != only:
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(
                f"{option} is for --model {only}, the model is {model}: leave it out or change the model"
            )
