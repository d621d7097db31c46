"""Judge a model's configuration before Keras sees it: only names that are listed, and what they may hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from train.errors import ModelError
from train.model_file.calls import check_calls
from train.model_file.config_values import check_values
from train.model_file.keras_names import NAMES
from train.model_file.refusals import refuse_unless_keras, refused_code
from train.model_file.repairs.apply import repaired
from train.model_file.repairs.table import UnsupportedLayerError

# Hundreds of layers take one million bytes. Parsed JSON takes many times its length.
MOST_BYTES = 4_000_000
# Keras makes values of these itself.
MARKERS = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__slice__", "__ellipsis__"})


def judged(text: str | bytes, by_keras_2: bool, path: Path) -> dict[str, Any]:
    """The configuration in a file, repaired for Keras 3, if all of it may be built.

    Args:
        text: The configuration as JSON.
        by_keras_2: Whether Keras 2 wrote it.
        path: The model's file, for the message.

    Raises:
        ModelError: If it holds code, names that aren't listed, absurd sizes or too many layers, or Keras 3
            has no equal for a layer.
        ValueError: If it isn't a JSON object. Other kinds of error mean that it isn't a model's.
        RecursionError: If it is nested too deeply.
    """
    if len(text) > MOST_BYTES:
        raise ModelError(
            f"expected a configuration of at most {MOST_BYTES:,} bytes in {path}, found {len(text):,}: "
            "use a smaller model"
        )
    config = json.loads(text)
    if not isinstance(config, dict):
        raise ValueError("its configuration is not an object")
    for item in objects_of(config):
        if "class_name" in item:
            refuse_unless_keras(item, path)
    try:
        config = repaired(config, by_keras_2)
    except UnsupportedLayerError as error:
        raise ModelError(f"expected layers that Keras 3 has in {path}, {error}") from None
    check_repaired(config, path)
    return config


def check_repaired(config: dict[str, Any], path: Path) -> None:
    """Refuse a repaired configuration that Keras shouldn't build: names not listed, absurd sizes or numbers.

    Args:
        config: The configuration.
        path: The model's file, for the message.

    Raises:
        ModelError: If the configuration is refused.
    """
    for item in objects_of(config):
        if "class_name" in item and not _is_listed(item):
            raise refused_code(item, path)
        check_values(item, path)
    check_calls(config, path)


def objects_of(config: Any) -> Iterator[dict[str, Any]]:
    """Every object in a configuration, at any depth, but for how models were trained, which isn't loaded."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(item for key, item in value.items() if key != "compile_config")
        elif isinstance(value, list):
            waiting.extend(value)


def _is_listed(item: dict[str, Any]) -> bool:
    name = item["class_name"]
    if not isinstance(name, str):
        return False
    if name in MARKERS:
        return True
    return name in NAMES.get(str(item.get("module")), ()) and item.get("registered_name") in (None, name)
