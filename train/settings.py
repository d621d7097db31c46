"""What a training run can be told, and the presets. The command line reads it and must not wait for NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

MODELS = ("cnn", "mlp")
# What every target can be made of: 16-bit TFLite knows no ELU, a TensorFlow.js layers model no leaky ReLU.
ACTIVATIONS = ("relu", "relu6", "tanh", "sigmoid")
SCHEDULES = ("one-cycle", "cosine", "constant")
OPTIMIZERS = ("adamw", "adam", "sgd", "muon")

# What only one of the models makes use of.
ONLY_FOR = {"hidden": "mlp", "batch_norm": "mlp", "convolutions": "cnn"}


class Convolution(NamedTuple):
    """A convolution of the CNN.

    Attributes:
        filters: How many there are.
        side: Of the kernel, in pixels.
        pool: Side of the max-pooling that follows; 1 for none.
        depthwise: Whether it is in two parts, the kernel for each channel alone and then a mixture of the
            channels for each pixel alone: far fewer weights (Chollet 2017, Xception).
        valid: Whether the kernel stays within the picture, which comes out side - 1 pixels smaller; as large
            otherwise, with zeros around it.
    """

    filters: int
    side: int
    pool: int = 1
    depthwise: bool = False
    valid: bool = False


Network = tuple[Convolution, ...]  # one convolution after the other


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run can be told. The defaults are those of the CNN; see `preset` for others.

    Attributes:
        model: `cnn` or `mlp`.
        epochs: Passes over the training split.
        batch_size: Images a step.
        seed: Of the weights, the order, the augmentation and the dropout: the same seed on the same machine
            gives the same weights.
        pen_share: Pen digits mixed into MNIST's training split, as a share of its images: they are written
            in ways that MNIST lacks. Other datasets stay as they are. With none, a CNN of half the
            default's multiplications read 97.3 instead of 98.9% of people's digits.
        augment: Whether each picture is shifted, turned, slanted and scaled a little, anew each epoch.
        elastic: How far a picture's parts are moved against one another where it is augmented, in pixels, see
            `train.data.augment.distort`.
        hidden: Neurons of each hidden layer of the MLP. 784-10-10 is the network of every Keras course.
        convolutions: Those of the CNN: of each of its networks, which stand side by side and learn each by
            itself; the answers are those of the mean of their logits. The default is one network, of 5.3
            million multiplications an image; with strides in the place of pooling it were half as many, and
            99.40 instead of 99.54% of the validation split.
        activation: One of `ACTIVATIONS`, after each layer but the last.
        label_smoothing: Share of certainty that is taken off the right class while training and spread over
            all, see `train.learning.losses`.
        dropout: Share of the values that is dropped while training: after each hidden layer of the MLP,
            before the last layer of the CNN.
        batch_norm: Whether the MLP's hidden layers are normalised over the batch. The CNN's always are.
        optimizer: One of `OPTIMIZERS`, see `train.learning.optimizers`.
        rate: The learning rate; its peak where there is a schedule.
        schedule: One of `SCHEDULES`.
        validation_split: Share of the training pictures that is held out, to choose epochs on.
        patience: Stop after so many epochs without a lower validation loss, and keep the best epoch's
            model; None to train for all epochs and keep the last one's.
        tensorboard: Whether to log for TensorBoard.
    """

    model: str = "cnn"
    epochs: int = 30
    batch_size: int = 128
    seed: int = 0
    pen_share: float = 0.5
    augment: bool = True
    elastic: float = 0.0
    hidden: tuple[int, ...] = (10, 10)
    convolutions: tuple[Network, ...] = (
        (
            Convolution(16, 3),
            Convolution(16, 3, pool=2),
            Convolution(32, 3),
            Convolution(32, 3, pool=2),
            Convolution(48, 3),
        ),
    )
    activation: str = "relu"
    label_smoothing: float = 0.05
    dropout: float = 0.0
    batch_norm: bool = False
    optimizer: str = "adamw"
    rate: float = 0.01
    schedule: str = "one-cycle"
    validation_split: float = 1 / 12
    patience: int | None = None
    tensorboard: bool = False

    def to_json(self) -> dict[str, Any]:
        """The settings as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """The settings that `to_json` wrote.

        Raises:
            TypeError: If one is unknown.
        """
        read = cls(**values)
        return replace(
            read,
            hidden=tuple(read.hidden),
            convolutions=tuple(
                tuple(Convolution(*values) for values in network) for network in read.convolutions
            ),
        )


_CNN = Settings()
# So few weights learn least from what is drawn by others or distorted.
_MLP = Settings(model="mlp", pen_share=0.0, augment=False, label_smoothing=0.0, epochs=20)
# Two networks of different make, which err on different digits, within the size of one: one with depthwise
# kernels, the other without padding or pooling. After 30 epochs they had the lowest loss of MNIST's
# validation split of what was tried: 0.054 by Muon, 0.056 by AdamW; a single network of that size had 0.059.
# Once that was chosen, most of the validation split could go to the training.
_BEST_CNN = replace(
    _CNN,
    epochs=36,
    pen_share=0.1,
    optimizer="muon",
    validation_split=1 / 60,
    convolutions=(
        (
            Convolution(16, 3, pool=2),
            Convolution(28, 3),
            *2 * (Convolution(28, 5, depthwise=True),),
            Convolution(28, 5, depthwise=True, pool=2),
            Convolution(40, 1),
            *2 * (Convolution(40, 5, depthwise=True),),
        ),
        (
            *3 * (Convolution(12, 3, valid=True),),
            *3 * (Convolution(14, 3, valid=True),),
            *3 * (Convolution(16, 3, valid=True),),
            Convolution(18, 3, valid=True),
        ),
    ),
)

PRESETS: dict[str, dict[str, Settings]] = {
    "quick": {"cnn": replace(_CNN, epochs=2, pen_share=0.0), "mlp": replace(_MLP, epochs=5)},
    "default": {"cnn": _CNN, "mlp": _MLP},
    "best": {"cnn": _BEST_CNN, "mlp": replace(_MLP, epochs=60)},
}


def preset(name: str, model: str, **given: Any) -> Settings:
    """A preset's settings for a model.

    Args:
        name: A key of `PRESETS`.
        model: One of `MODELS`.
        given: What is to be other than in the preset, by the names of `Settings`.
    """
    return replace(PRESETS[name][model], **given)
