"""What can go wrong.

InkproofError              a user can act on it; exit status 1
├── DataError              the dataset is missing, damaged or in another layout
│   └── NetworkError       the network refused the official MNIST
├── ModelError             the model can't be read, or can't be exported
├── PictureError           a picture can't be read, or shows no digit
├── CheckError             a check of the training's set-up failed
├── OutputError            a file or folder can't be written
├── LockError              another run is at work on the output folder
├── ResumeError            no unfinished training run, or another one
├── SweepError             a sweep's chief and workers don't find together
├── ManifestError          the manifest is missing or isn't one
├── IntegrityError         a file on disk is not the one that the manifest names
├── ConversionError        a converter or bundler can't handle the model
├── UnknownTargetError     there is no target of that name
├── UnknownPlatformError   there is no kit of that name
├── KitError               kits can't be written, or one is wrong
│   └── UnfitError         a platform can run none of the model's files
├── UnsupportedError       a target lacks what the model needs; the others were built
├── RunError               a runtime couldn't run an artifact
├── BrowserError           there is no browser to run artifacts in
└── ParityError            an artifact is past its parity budget; exit status 3

Every message is one line: what was expected, what was found, what to do. Those above ManifestError stand
in `train/errors.py`, because training raises them too, and imports nothing of this package.
"""

from train.errors import (
    DataError,
    InkproofError,
    LockError,
    ModelError,
    NetworkError,
    OutputError,
    ResumeError,
)

__all__ = [
    "BrowserError",
    "ConversionError",
    "DataError",
    "InkproofError",
    "IntegrityError",
    "KitError",
    "LockError",
    "ManifestError",
    "ModelError",
    "NetworkError",
    "OutputError",
    "ParityError",
    "ResumeError",
    "RunError",
    "UnfitError",
    "UnknownPlatformError",
    "UnknownTargetError",
    "UnsupportedError",
]


class ManifestError(InkproofError):
    """The manifest is missing, or isn't one that this version can read."""


class IntegrityError(InkproofError):
    """A file on disk is not the one that the manifest names."""


class ConversionError(InkproofError):
    """A converter or bundler can't handle the model."""


class UnknownPlatformError(InkproofError):
    """There is no kit of that name."""


class KitError(InkproofError):
    """A kit can't be written for the model, or what was written is wrong."""


class UnfitError(KitError):
    """A platform can run none of the files that the model was exported to."""


class UnknownTargetError(InkproofError):
    """There is no target of that name."""


class UnsupportedError(InkproofError):
    """A target lacks what the model needs. The other targets were built."""


class RunError(InkproofError):
    """A runtime couldn't run an artifact."""


class BrowserError(InkproofError):
    """There is no browser to run artifacts in, or nothing that drives it."""


class ParityError(InkproofError):
    """An artifact differs from the reference model by more than its budget."""

    exit_status = 3
