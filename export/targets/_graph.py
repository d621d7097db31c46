"""TensorFlow.js graph models: SavedModel -> frozen, folded graph + weights, by tensorflowjs."""

import json
from pathlib import Path

from export.errors import ConversionError
from export.target import Source
from train.console.text import one_line


def write_graph_model(source: Source, path: Path, *, weights: str | None = None) -> None:
    """Write `model.json` and its shards into folder `path`.

    Args:
        source: The model.
        path: The folder, made if it is missing.
        weights: Type that the weights are stored in, `float16` or `uint8`; None for float32. TF.js decodes
            them on load.

    Raises:
        ConversionError: If tensorflowjs can't convert the model.
    """
    from train.console.quiet import quiet

    try:
        with quiet():
            from tensorflowjs.converters import convert_tf_saved_model

            convert_tf_saved_model(
                str(source.saved_model), str(path), quantization_dtype_map={weights: "*"} if weights else None
            )
    except Exception as error:  # tensorflowjs raises whatever lies beneath it
        raise ConversionError(
            f"expected a model that tensorflowjs can convert, it could not ({one_line(error)}): "
            "use layers that it supports, or leave it out by naming the others with --target"
        ) from error
    model_json = path / "model.json"
    # The converter's key order changes from run to run; sorted, the same model gives the same bytes.
    text = json.dumps(json.loads(model_json.read_bytes()), sort_keys=True, separators=(",", ":"))
    model_json.write_text(text, encoding="utf-8")
