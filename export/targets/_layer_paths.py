"""Which layer of a model an operation of its converted graph belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from train.console.text import plain

if TYPE_CHECKING:
    import keras


def layer_of(path: str, model: keras.Model) -> str:
    """The part of an operation's path that is a layer's name, but for a call's number; else the last."""
    layers = {layer.name for layer in model.layers}
    parts = path.split("/")
    names = [name for part in parts for name in (part, re.sub(r"_\d+$", "", part)) if name in layers]
    return plain(names[0] if names else parts[-1])
