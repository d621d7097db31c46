"""The metadata as TensorFlow's own library for apps reads them, in an environment of its own: it is old."""

import ctypes.util
import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

PACKAGES = ("tflite-support==0.4.4", "numpy<2", "protobuf<4")
READER = """
import json, sys
from tflite_support import metadata
shown = metadata.MetadataDisplayer.with_model_file(sys.argv[1])
(labels,) = shown.get_packed_associated_file_list()
content = shown.get_associated_file_buffer(labels).decode()
print(json.dumps([json.loads(shown.get_metadata_json()), labels, content]))
"""


@pytest.mark.slow
def test_tflite_support_reads_the_description(built: Path, tmp_path: Path) -> None:
    if sys.version_info[:2] != (3, 11):
        pytest.skip("tflite-support 0.4.4 has no wheel for this Python")
    if ctypes.util.find_library("usb-1.0") is None:
        pytest.skip("tflite-support needs libusb-1.0-0")
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv/bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    for name in ("float32", "integer-only"):
        command = [python, "-c", READER, str(built / f"tflite/{name}.tflite")]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        described, labels, content = json.loads(done.stdout.splitlines()[-1])
        assert (labels, content.split()) == ("labels.txt", list("0123456789"))
        assert described["name"] == "digits classifier"
        (graph,) = described["subgraph_metadata"]
        (given,), (answer,) = graph["input_tensor_metadata"], graph["output_tensor_metadata"]
        assert (given["name"], answer["name"]) == ("image", "probabilities")
        size = given["content"]["content_properties"]["default_size"]
        assert (size["height"], size["width"]) == (28, 28)
        (normalization,) = given["process_units"]
        assert normalization["options"] == {"mean": [0.0], "std": [1.0]}
        assert answer["associated_files"][0]["type"] == "TENSOR_AXIS_LABELS"
