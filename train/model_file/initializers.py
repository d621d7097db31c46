"""Leave out the random weights that a layer begins with where others are copied into it."""

from typing import Any


def without_random_weights(config: Any) -> Any:
    """A configuration, as JSON has it, in which every weight begins as zeros.

    Random ones take time and several times their own memory, which TensorFlow keeps; an orthogonal matrix
    of 7,000 x 7,000 took half a minute and 1.5 GB.
    """
    if isinstance(config, list):
        return [without_random_weights(item) for item in config]
    if not isinstance(config, dict):
        return config
    return {
        key: "zeros" if key.endswith("_initializer") and value else without_random_weights(value)
        for key, value in config.items()
    }
