"""The bare TensorFlow.js converter, whole, which the benchmarks compare with.

It needs an environment of its own, with Python 3.11 or 3.12, as it asks for an older TensorFlow:

    pip install tensorflowjs==4.22.0 tensorflow==2.19.0 ydf==0.11.0 'setuptools<67.5'

Name its `tensorflowjs_converter` in $TENSORFLOWJS_CONVERTER.
"""

import os


def bare_converter() -> str:
    """The program of the bare converter."""
    try:
        return os.environ["TENSORFLOWJS_CONVERTER"]
    except KeyError:
        raise SystemExit(f"expected $TENSORFLOWJS_CONVERTER to name the bare converter:\n{__doc__}") from None
