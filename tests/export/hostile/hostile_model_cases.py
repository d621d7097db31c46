"""Model files that are hostile or broken, and what is said of each."""

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from tests.export.hostile.hostile_configurations import CONFIGURATIONS, DAMAGED
from tests.export.hostile.hostile_models import (
    Bomb,
    Workshop,
    added,
    as_layer,
    crowded,
    damaged_heap,
    endless,
    external,
    link,
    lying,
    many_claims,
    nothing,
    objects,
    repeated_strings,
    replaced,
    setting,
    spoilt,
    symlink,
    two_in_one,
    virtual,
    weights,
)
from train.model_file.weights import MOST_BYTES

LAMBDA = {"class_name": "Lambda"}
CODE = "without code of its own"
ZEROS, ROW = np.zeros(75 * 10**6, np.float32), (10**6,)

CASES: dict[str, tuple[Callable[[Workshop], Path], str]] = {
    "missing": (lambda s: s.folder / "none.h5", "found no file"),
    "folder": (lambda s: s.folder, "found a folder with"),
    "empty": (lambda s: s.raw("empty.h5", b""), "empty"),
    "text": (lambda s: s.raw("text.h5", b"text" * 999), DAMAGED),
    "no ending": (lambda s: s.raw("model", b"x"), DAMAGED),
    "pickle": (lambda s: s.raw("pickle.h5", pickle.dumps(Bomb(s.canary))), "a Python pickle"),
    "cut .h5": (lambda s: s.raw("cut.h5", (s.folder / "good.h5").read_bytes()[:9000]), DAMAGED),
    "cut .keras": (lambda s: s.raw("cut.keras", (s.folder / "good.keras").read_bytes()[:9000]), DAMAGED),
    "weights only": (lambda s: s.h5("bare", lambda f: f.attrs.pop("model_config")), "weights only"),
    "heap of 4 GB": (damaged_heap, DAMAGED),
    "heap without end": (
        lambda s: s.raw("endless.h5", endless((s.folder / "good.h5").read_bytes())),
        "blocks its reader (status -24)",
    ),
    ".h5 and .keras in one": (two_in_one, CODE),
    # Code.
    "Lambda in .h5": (
        lambda s: s.h5_config("lambda", as_layer(**LAMBDA, config={"function": [s.marshalled, None, None]})),
        "found a Lambda layer",
    ),
    "Lambda in .keras": (
        lambda s: s.keras_config(
            "lambda",
            as_layer(
                **LAMBDA,
                module="keras.layers",
                config={"function": {"class_name": "__lambda__", "config": {"code": s.marshalled}}},
            ),
        ),
        CODE,
    ),
    "lambda as an activation": (
        lambda s: s.keras_config(
            "activation",
            setting(3, activation={"class_name": "__lambda__", "config": {"code": s.marshalled}}),
        ),
        CODE,
    ),
    "custom class": (lambda s: s.h5_config("custom", as_layer(class_name="mine>Layer")), "custom class"),
    "class of another module": (
        lambda s: s.keras_config("module", as_layer(class_name="system", module="os")),
        "custom class system",
    ),
    "download": (
        lambda s: s.keras_config("get", as_layer(class_name="get_file", module="keras.utils")),
        "custom class get_file",
    ),
    "registered name": (
        lambda s: s.keras_config("registered", as_layer(class_name="Dense", registered_name="mine>Dense")),
        "custom class Dense",
    ),
    "SavedModel as a layer": (lambda s: s.h5_config("tfsm", as_layer(class_name="TFSMLayer")), CODE),
    "Torch pickle": (
        lambda s: s.keras_config("torch", as_layer(class_name="TorchModuleWrapper", module="keras.layers")),
        CODE,
    ),
    "vocabulary from a file": (
        lambda s: s.h5_config(
            "lookup", as_layer(class_name="StringLookup", config={"vocabulary": "/etc/passwd"})
        ),
        "may read files",
    ),
    "type of TensorFlow": (lambda s: s.h5_config("spec", as_layer(class_name="CompositeTensor")), CODE),
    **CONFIGURATIONS,
    # Weights.
    "NaN": (lambda s: s.h5("nan", spoilt(np.nan)), "NaN or infinity"),
    "infinity": (lambda s: s.h5("inf", spoilt(-np.inf)), "NaN or infinity"),
    "external link": (lambda s: s.h5("link", link(h5py.ExternalLink("/etc/passwd", "/"))), "the link"),
    "soft link": (lambda s: s.h5("soft", link(h5py.SoftLink("/nowhere"))), "the link"),
    "virtual dataset": (lambda s: s.h5("virtual", virtual), "in other files"),
    "external storage": (lambda s: s.h5("storage", external), "in other files"),
    "10^12 weights": (
        lambda s: s.h5("claim", lambda f: weights(f).create_dataset("x", (10**12,), "f4", chunks=(1000,))),
        "a claim of 4,000,000,000",
    ),
    "chunk of 4 GB": (
        lambda s: s.h5(
            "chunk", lambda f: weights(f).create_dataset("x", (9,), "f4", chunks=(10**9,), maxshape=(None,))
        ),
        "a claim of 4,000,000,000",
    ),
    "many large claims": (lambda s: s.h5("many", many_claims), "a claim of"),
    "300 MB of weights that were never written": (
        lambda s: s.h5(
            "sparse", lambda f: weights(f).create_dataset("x", (75 * 10**6,), "f4", chunks=(10**6,))
        ),
        "a claim of 300,",
    ),
    "300 MB of zeros, compressed": (
        lambda s: s.h5(
            "zeros", lambda f: weights(f).create_dataset("x", data=ZEROS, chunks=ROW, compression=1)
        ),
        "a claim of 300,",
    ),
    "2,000 strings that are one of 1 MB": (repeated_strings, DAMAGED),
    "no numbers": (lambda s: s.h5("objects", objects), "expected numbers"),
    "no weights": (lambda s: s.keras("bare", lambda m: m.pop("model.weights.h5")), "a zip archive of"),
    "weights no HDF5": (lambda s: s.keras("no", replaced(model__weights__h5=b"x" * 999)), DAMAGED),
    # Archives.
    "member that leads out": (lambda s: s.keras("out", nothing, added("../../out")), "leads out"),
    "absolute member": (lambda s: s.keras("root", nothing, added("/etc/out")), "leads out"),
    "member with backslashes": (lambda s: s.keras("back", nothing, added("..\\out")), "leads out"),
    "linked member": (lambda s: s.keras("link", nothing, symlink("assets")), "is a link"),
    "assets": (lambda s: s.keras("assets", nothing, added("assets/x")), "doesn't write"),
    "member of a name with line ends": (lambda s: s.keras("odd", nothing, added("a\n\x1b[31mb")), DAMAGED),
    "2,000 members": (crowded, "more than 1,000 members"),
    "zip bomb": (
        lambda s: s.keras(
            "bomb", replaced(model__weights__h5=bytes(MOST_BYTES)), compression=zipfile.ZIP_DEFLATED
        ),
        "at most 400,000,000 bytes",
    ),
    "zip bomb by bzip2": (
        lambda s: s.keras("bzip2", replaced(config__json=b" " * 10**8), compression=12),
        "compressed",
    ),
    "zip bomb that lies about it": (lying, DAMAGED),
}
