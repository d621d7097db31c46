"""The names of scales of pixels, on the command line and in the manifest."""

from __future__ import annotations

import math
from contextlib import suppress

import click

AUTO = "auto"
NAMES = ("0..255", "0..1", "-1..1", "imagenet-torch", "imagenet-caffe")
FORM = f"[{'|'.join((AUTO, *NAMES))}|MEAN/STD]"  # as help shows it
COLOURS = 3


def standardisation(name: str) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """The means and standard deviations that `MEAN/STD` states, in grey levels; None for any other text.

    Each is one number, or one for red, green and blue: `33.3/78.6`, `125.3,123,113.9/63,62.1,66.7`. Both are
    given for as many channels. A negative deviation turns black to white.
    """
    with suppress(ValueError):
        means, deviations = (tuple(map(float, part.split(","))) for part in name.split("/"))
        channels = max(len(means), len(deviations))
        counts = {len(means), len(deviations)} <= {1, channels} and channels in (1, COLOURS)
        if counts and all(map(math.isfinite, (*means, *deviations))) and all(deviations):
            return means * (channels // len(means)), deviations * (channels // len(deviations))
    return None


class Scale(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """The name of a scale, `auto`, or mean and standard deviation as in `33.3/78.6`."""

    name = "scale"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is; anything else is a usage error."""
        name = "".join(str(value).split())
        if name not in (AUTO, *NAMES) and standardisation(name) is None:
            self.fail(
                f"expected one of {', '.join((AUTO, *NAMES))}, or the mean and the standard deviation of "
                f"grey levels 0..255, as in 33.3/78.6; found {value!r}",
                param,
                ctx,
            )
        return name
