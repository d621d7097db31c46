"""Keep the messages of TensorFlow off the terminal, so that stderr has only what users can act on."""

import contextlib
import gc
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from train.console.interrupts import cleaned_up


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Suppress warnings and what libraries print, including native code. Exceptions pass.

    Progress shown by `rich` from another thread still appears, because its console holds the real stdout.
    """
    sys.stderr.flush()
    with contextlib.ExitStack() as stack:
        real = os.dup(2)
        stack.callback(os.close, real)
        swallowed = stack.enter_context(tempfile.TemporaryFile())
        os.dup2(swallowed.fileno(), 2)
        stack.enter_context(cleaned_up(lambda: os.dup2(real, 2)))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.stderr.flush()  # so that a partial line is suppressed, too


def import_tensorflow() -> None:
    """Import TensorFlow and Keras without their start-up messages (2 to 4 s the first time).

    Where this imports Keras, `keras.visualization` has no Matplotlib, of which no command has need.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    with quiet(), _kept_for_good(), _absent("matplotlib", "IPython"):
        import keras  # noqa: F401
        import tensorflow as tf
        from absl import logging

    logging.set_verbosity(logging.ERROR)
    tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def _kept_for_good() -> Iterator[None]:
    """Import a large library without garbage collection, and exempt its objects from later collections.

    TensorFlow's half a million objects contain no garbage, yet the collection takes a quarter of the import
    time, and each conversion to TFLite repeats it (0.2 s).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.freeze()


@contextlib.contextmanager
def _absent(*names: str) -> Iterator[None]:
    """Import a library without optional ones, which it would load where they are installed.

    Matplotlib and IPython take a sixth of the time in which TensorFlow and Keras are imported.
    """
    blocked: dict[str, Any] = {name: None for name in names if name not in sys.modules}
    sys.modules.update(blocked)  # None there: an import raises ModuleNotFoundError
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]
