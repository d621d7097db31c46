"""The errors of training. `export/errors.py` shows the whole hierarchy and adds its own.

Every message is one line: what was expected, what was found, and what to do.
"""


class InkproofError(Exception):
    """The root: an error that users can act on. Commands print it in one line and exit with status 1."""

    exit_status = 1


class DataError(InkproofError):
    """A dataset is missing, damaged or in no form that can be understood."""


class NetworkError(DataError):
    """A dataset can't be downloaded; the data themselves may be fine."""


class ModelError(InkproofError):
    """A model can't be built, read or exported."""


class PictureError(InkproofError):
    """A picture file can't be read, or shows no digit."""


class CheckError(InkproofError):
    """A check of the debugging checklist failed."""


class OutputError(InkproofError):
    """A file or folder can't be written."""


class LockError(InkproofError):
    """Another run is using the output folder."""


class ResumeError(InkproofError):
    """There is no unfinished training run to resume, or it has other settings or data."""


class SweepError(InkproofError):
    """The chief and the workers of a sweep can't work together."""
