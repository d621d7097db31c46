"""What can go wrong in training. `export/errors.py` draws the whole hierarchy and adds its own.

Every message is one line: what was expected, what was found, what to do.
"""

from __future__ import annotations


class InkproofError(Exception):
    """The root: something that a user can act on. Commands print it in one line and exit 1."""

    exit_status = 1


class DataError(InkproofError):
    """A dataset is missing, damaged or not in the layout of `keras.datasets.mnist`."""


class NetworkError(DataError):
    """The network refused the official MNIST; nothing is known to be wrong with the data."""


class ModelError(InkproofError):
    """A model can't be built, read or exported."""


class PictureError(InkproofError):
    """A picture can't be read, or shows no digit."""


class CheckError(InkproofError):
    """A check of the training's set-up failed."""


class OutputError(InkproofError):
    """A file or folder that was to be written can't be written."""


class LockError(InkproofError):
    """Another run is at work on the output folder."""


class ResumeError(InkproofError):
    """There is no unfinished training run to go on with, or it is another one."""


class SweepError(InkproofError):
    """A sweep's chief and workers don't find together."""
