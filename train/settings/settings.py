"""The settings of a training run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

# Settings that apply to only one of the models.
ONLY_FOR = {"hidden": "mlp", "batch_norm": "mlp", "convolutions": "cnn", "two_views": "cnn"}


class Convolution(NamedTuple):
    """A convolution of the CNN.

    Attributes:
        filters: Number of filters.
        side: Side of the kernel, in pixels.
        pool: Side of the max-pooling that follows; 1 for none.
        depthwise: Whether the convolution is separable: a kernel for each channel, then a 1 x 1 convolution
            across the channels, which needs far fewer weights (Chollet 2017, Xception).
        valid: Whether there is no padding, so that the output is side - 1 pixels smaller than the input;
            otherwise, or where the input is smaller than the kernel, it is padded with zeros and its size
            stays.
    """

    filters: int
    side: int
    pool: int = 1
    depthwise: bool = False
    valid: bool = False


Network = tuple[Convolution, ...]  # one convolution after the other


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a training run. The defaults are those of the CNN; see `preset` for others.

    Attributes:
        model: `cnn` or `mlp`.
        epochs: Passes over the training split.
        batch_size: Images per step.
        seed: Seed of the initial weights, the order of the images, the augmentation and the dropout. The same
            seed on the same machine gives the same weights.
        pen_share: Number of pen digits mixed into MNIST's training split, as a fraction of its images. They
            show ways of writing that MNIST lacks; other datasets are left unchanged. Without them, a CNN
            with 2.6 million multiplications read 97.3% of people's digits, not 98.9%.
        non_digits: Number of drawings that are no digit, as a fraction of MNIST's training images, with equal
            probabilities of all classes as their target, see `train.data.non_digits`.
        augment: Whether each image is randomly shifted, rotated, slanted and scaled a little in each epoch.
        elastic: Strength of the elastic distortion of augmented images, in pixels, see
            `train.data.augment.distort`.
        hidden: Number of neurons in each hidden layer of the MLP. Keras courses use 784-10-10.
        convolutions: The convolutions of each of the CNN's networks. Several networks are an ensemble: each
            learns separately, and the prediction is that of the mean of their logits.
        two_views: Whether the CNN's networks also see the image smoothed, each pixel the mean of 2 x 2: the
            prediction is that of the mean of the logits for both (test-time augmentation). The second view
            isn't trained, and has no parameters. The default model has 1.9 million multiplications per image.
        activation: One of `ACTIVATIONS`, used after each layer but the last.
        label_smoothing: Fraction of the right class's probability that is spread over all classes in the
            training targets, see `train.learning.losses`.
        dropout: Fraction of the values dropped in training: after each hidden layer of the MLP, before the
            last layer of the CNN.
        batch_norm: Whether the MLP has batch normalisation after its hidden layers; the CNN always has it.
        optimizer: One of `OPTIMIZERS`, see `train.learning.optimizers`.
        rate: The learning rate, or its peak if the schedule varies it.
        schedule: One of `SCHEDULES`.
        validation_split: Fraction of the training images that is held out to choose epochs.
        patience: Number of epochs without a lower validation loss after which the training stops; the best
            epoch's model is kept then. None to train for all epochs and keep the last epoch's model.
        tensorboard: Whether to write logs for TensorBoard.
    """

    model: str = "cnn"
    epochs: int = 24
    batch_size: int = 128
    seed: int = 0
    pen_share: float = 0.35
    non_digits: float = 0.05
    augment: bool = True
    elastic: float = 0.0
    hidden: tuple[int, ...] = (10, 10)
    convolutions: tuple[Network, ...] = (
        (
            Convolution(8, 3, pool=2),
            Convolution(16, 3),
            Convolution(16, 3, pool=2),
            Convolution(32, 3, valid=True),
            Convolution(32, 3, valid=True),
        ),
    )
    two_views: bool = True
    activation: str = "relu"
    label_smoothing: float = 0.05
    dropout: float = 0.0
    batch_norm: bool = False
    optimizer: str = "muon"
    rate: float = 0.01
    schedule: str = "one-cycle"
    validation_split: float = 1 / 12
    patience: int | None = None
    tensorboard: bool = False

    def to_json(self) -> dict[str, Any]:
        """The settings as values that JSON can represent."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """The settings that `to_json` wrote.

        Raises:
            TypeError: If a setting is unknown.
        """
        read = cls(**values)
        return replace(
            read,
            hidden=tuple(read.hidden),
            convolutions=tuple(
                tuple(Convolution(*values) for values in network) for network in read.convolutions
            ),
        )
