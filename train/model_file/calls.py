"""Count the calls of layers that building a model takes: a model called again calls all its layers again."""

from pathlib import Path
from typing import Any

from train.errors import ModelError
from train.model_file.repairs.apply import PARTS

Config = dict[str, Any]

# NASNetLarge, the largest of Keras's own, has 1,041 layers, and takes twice as many calls inside a model.
MOST_CALLS = 2_500
# Keras builds a Sequential again for each layer that it adds; each of those calls takes a tenth of another.
QUICKER = 20
# Models in models; also what Python's stack holds.
MOST_DEPTH = 20


def check_calls(model: Config, path: Path) -> None:
    """Refuse a model that takes too long to build, and calls of layers on constants alone.

    Args:
        model: The repaired configuration.
        path: The model's file, for the message.

    Raises:
        ModelError: If it is refused.
    """
    calls = count_calls(model, path)
    if calls > MOST_CALLS:
        raise ModelError(
            f"expected a model of at most {MOST_CALLS:,} calls of layers in {path}, found {calls:,}: "
            "use a smaller model"
        )


def count_calls(entry: Config, path: Path, depth: int = 0) -> int:
    """How many layers Keras calls for a layer or model, itself and all inside.

    Args:
        entry: Its repaired configuration.
        path: The model's file, for the message.
        depth: In how many others it is.

    Raises:
        ModelError: If models are nested too deeply, or a layer is called on nothing that layers put out.
    """
    if depth > MOST_DEPTH:
        raise ModelError(
            f"expected at most {MOST_DEPTH} models and layers in each other in {path}, found more: "
            "save a model without models inside"
        )
    config = entry["config"]
    parts = [config[part] for part in PARTS if isinstance(config.get(part), dict)]
    parts += [*config.get("layers", ()), *config.get("cells", ())]
    total = 1
    for part in parts:
        if "config" not in part:
            continue
        nodes = part.get("inbound_nodes") or ()
        if not all(map(_takes_a_tensor, nodes)):
            raise ModelError(
                f"expected layers that compute with a picture in {path}, found a call on constants alone: "
                "save it again with model.save()"
            )
        built = 1 if "layers" in part["config"] else 0  # a model is built before it is called
        total += count_calls(part, path, depth + 1) * (built + max(1, len(nodes)))
    return total + (total**2 // QUICKER if entry["class_name"] == "Sequential" else 0)


def _takes_a_tensor(node: Any) -> bool:
    """Whether a call has an output of a layer among its arguments: without one, it would run at once."""
    waiting = [node]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                return True
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return False
