"""Run a model from outside: layers that can be built may still fail on the first picture."""

from collections.abc import Iterator
from contextlib import contextmanager

from train.errors import ModelError
from train.model_file.reason import reason_of


@contextmanager
def running_model() -> Iterator[None]:
    """Turn what Keras raises while a model runs into a ModelError of one line."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # Keras and TensorFlow raise many kinds
        raise ModelError(
            f"expected a model that runs on a picture, it could not ({reason_of(error)}): "
            "change that layer, and save the model again"
        ) from error
