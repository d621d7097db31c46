"""Keep TensorFlow's own chatter off the terminal, so that stderr carries only what a user can act on."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator

from train.console.interrupts import cleaned_up


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what libraries print, natively too, and what they warn of. Exceptions pass.

    What `rich` prints meanwhile from another thread still appears: its console holds the real stdout.
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
            sys.stderr.flush()  # a line begun stays within


def import_tensorflow() -> None:
    """Import TensorFlow and Keras (4 s the first time) without their start-up messages."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    # It wants IPython to greet with where stdout isn't the terminal itself; tensorflowjs imports it.
    os.environ.setdefault("TFDF_DISABLE_WELCOME_MESSAGE", "1")
    with quiet(), _kept_for_good():
        import keras  # noqa: F401
        import tensorflow as tf
        from absl import logging

    logging.set_verbosity(logging.ERROR)
    tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def _kept_for_good() -> Iterator[None]:
    """Import something large without looking for garbage in it, then or later.

    There is none in the half a million objects of TensorFlow, yet the search is a quarter of its import, and
    its TFLite converter makes it anew, 0.2 s each time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.freeze()
