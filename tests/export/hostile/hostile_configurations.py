"""Model files whose configuration is hostile or broken, and what their refusal says."""

from collections.abc import Callable
from pathlib import Path

from tests.export.hostile.hostile_models import Workshop, as_layer, deep, replaced, setting

DAMAGED = "damaged or other file"

CONFIGURATIONS: dict[str, tuple[Callable[[Workshop], Path], str]] = {
    "vocabulary of the class beneath": (
        lambda s: s.keras_config(
            "index",
            as_layer(
                class_name="IndexLookup",
                module="keras.src.layers.preprocessing.index_lookup",
                config={"vocabulary": "/etc/passwd"},
            ),
        ),
        "may read files",
    ),
    "module of Keras's tests": (
        lambda s: s.keras_config("test", as_layer(class_name="Model", module="keras.src.models.model_test")),
        "custom class Functional",  # as the repairs call every model
    ),
    "module that is a file of Keras": (
        lambda s: s.keras_config("file", as_layer(class_name="Dense", module="keras.src.layers.core.dense")),
        "custom class Dense",
    ),
    "configuration no JSON": (
        lambda s: s.h5("json", lambda f: f.attrs.__setitem__("model_config", "{")),
        DAMAGED,
    ),
    "configuration a number": (
        lambda s: s.h5("one", lambda f: f.attrs.__setitem__("model_config", 1)),
        DAMAGED,
    ),
    "configuration a list": (lambda s: s.keras("list", replaced(config__json=b"[]")), DAMAGED),
    "configuration of 100,000 levels": (lambda s: s.keras("deep", replaced(config__json=deep(s))), DAMAGED),
    "configuration of 5 MB": (
        lambda s: s.keras("long", replaced(config__json=b"[" + b"0," * 2_500_000 + b"0]")),
        "at most 4,000,000 bytes",
    ),
    "10^12 neurons": (lambda s: s.h5_config("units", setting(3, units=10**12)), "units 1000000000000"),
    "10^9 filters": (lambda s: s.keras_config("filters", setting(1, filters=10**9)), "filters 1000000000"),
    "10^12 neurons as a float": (
        lambda s: s.h5_config("float", setting(3, units=1e12)),
        "units 1000000000000.0",
    ),
    "8,000 layers": (
        lambda s: s.h5_config("crowd", lambda layers: layers.extend([layers[2]] * 8000)),
        "at most 2,500 calls of layers",
    ),
    "type of long strings": (
        lambda s: s.keras_config("type", setting(1, dtype="S99999999")),
        "the type 'S99",
    ),
    "quantized by a name": (
        lambda s: s.h5_config("int8", setting(3, dtype="int8_from_float32")),
        "Keras has quantized",
    ),
    "picture of 10^12 pixels": (
        lambda s: s.h5_config("picture", setting(0, batch_shape=[None, 10**6, 10**6, 1])),
        "batch_shape [None, 1000000, 1000000, 1]",
    ),
    "picture of 4,000,001 pixels": (
        lambda s: s.keras_config("wide", setting(0, batch_shape=[None, 1, 4_000_001, 1])),
        "expected sizes of at most 4,000,000",
    ),
}
