"""A model's description inside its `.tflite`, in the form that TFLite's own tools read.

The tables and the places of their fields are those of `metadata_schema.fbs` in
https://github.com/tensorflow/tflite-support, of which no package for this Python has a writer.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from export.target import Description
from export.targets._tflite_file import ModelT
from train.console.text import plain
from train.contract import InputContract

ENTRY, IDENTIFIER, PARSER = "TFLITE_METADATA", b"M001", "1.0.0"
LABELS = "labels.txt"
AXIS_LABELS, IMAGE_PROPERTIES, FEATURE_PROPERTIES, NORMALIZATION = 2, 2, 1, 1  # of the schema's enumerations
COLOURS = {3: 1, 1: 2}  # RGB, GRAYSCALE
WHENEVER = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold

Table = Mapping[int, Any]


def attach_description(model: ModelT, description: Description) -> None:
    """Add the description to a model that was read."""
    from ai_edge_litert import schema_py_generated as schema

    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = np.frombuffer(_metadata(description), np.uint8)
    entry.name, entry.buffer = ENTRY, len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or []), entry]


def with_labels(content: bytes, description: Description) -> bytes:
    """The file with its `labels.txt` behind it, as a zip, which `zipfile` and Android's readers open."""
    if description.contract is None:
        return content
    file = io.BytesIO(content)
    lines = "".join(f"{plain(label)}\n" for label in description.contract.labels)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(LABELS, WHENEVER), lines)
    return file.getvalue()


def _metadata(description: Description) -> bytes:
    import flatbuffers

    contract = description.contract
    file = {
        0: LABELS,
        1: "A name in each line, in the order of the output's numbers.",
        2: ("byte", AXIS_LABELS),
    }
    labels = [file] if contract else []
    given: Table = {
        0: "image",
        1: _input_sentence(contract),
        3: {0: ("union", IMAGE_PROPERTIES), 1: _image_properties(contract)},
        4: [{0: ("union", NORMALIZATION), 1: {0: _floats(0), 1: _floats(1)}}],
        5: {0: _floats(255), 1: _floats(0)},
    }
    predicted: Table = {
        0: description.gives,
        1: _output_sentence(description),
        3: {0: ("union", FEATURE_PROPERTIES), 1: {}},
        5: {0: _floats(1), 1: _floats(0)} if description.gives == "probabilities" else None,
        6: labels,
    }
    builder = flatbuffers.Builder()
    model = {
        0: plain(description.name),
        1: f"{_input_sentence(contract)} {_output_sentence(description)}",
        2: plain(description.version),
        3: [{2: [given], 3: [predicted]}],
        4: plain(description.author),
        5: plain(description.license),
        7: PARSER,
    }
    builder.Finish(_write(builder, model), IDENTIFIER)
    return bytes(builder.Output())


def _input_sentence(contract: InputContract | None) -> str:
    """What the input is, for people."""
    if contract is None:
        return "One picture, its pixels as they are, 0..255: nothing is to be scaled."
    colours = {1: "grey level", 3: "red, green and blue"}.get(
        contract.channels, f"{contract.channels} channels"
    )
    drawn = (
        f" A drawing has ink {contract.ink} on paper {contract.background}, its longer side {contract.box} "
        f"pixels, its centre of mass at {contract.centre:.4f} of both sides."
    )
    return (
        f"One picture of {contract.height} rows of {contract.width} pixels, {colours} of each, as they are, "
        f"0..255: nothing is to be scaled.{drawn if contract.takes_drawings else ''}"
    )


def _output_sentence(description: Description) -> str:
    """What the output is, for people."""
    many = len(description.contract.labels) if description.contract else "its"
    if description.gives == "probabilities":
        return f"Gives the probabilities, 0..1, of {many} classes."
    return f"Gives {many} {description.gives}."


def _image_properties(contract: InputContract | None) -> Table:
    if contract is None:
        return {}
    colour = COLOURS.get(contract.channels, 0)
    return {0: ("byte", colour), 1: {0: ("uint", contract.width), 1: ("uint", contract.height)}}


def _floats(*values: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.asarray(values, np.float32)


def _write(builder: Any, table: Table) -> int:
    """Write a table and all that it holds; return where it begins.

    Args:
        builder: Of flatbuffers.
        table: Values by the places of their fields: text, arrays, tables, lists of tables, pairs of a kind
            of number and its value; None for a field that is left out.
    """
    places = {
        field: value if isinstance(value, tuple) else _placed(builder, value)
        for field, value in table.items()
        if value is not None
    }
    builder.StartObject(max(places, default=-1) + 1)
    for field, value in places.items():
        if isinstance(value, int):
            builder.PrependUOffsetTRelativeSlot(field, value, 0)
        else:
            kind, number = value
            prepend = {"byte": builder.PrependInt8Slot, "union": builder.PrependUint8Slot}
            prepend.get(kind, builder.PrependUint32Slot)(field, number, 0)
    return int(builder.EndObject())


def _placed(builder: Any, value: str | Table | Sequence[Table] | np.ndarray[Any, Any]) -> int:
    if isinstance(value, str):
        return int(builder.CreateString(value))
    if isinstance(value, np.ndarray):
        return int(builder.CreateNumpyVector(value))
    if isinstance(value, Mapping):
        return _write(builder, value)
    tables = [_write(builder, table) for table in value]
    builder.StartVector(4, len(tables), 4)
    for table in reversed(tables):
        builder.PrependUOffsetTRelative(table)
    return int(builder.EndVector())
