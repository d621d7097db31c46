"""How layers are written on the command line: `--hidden 10,10`, `--convolutions 16x5/2,24x3d`."""

from __future__ import annotations

import re

import click

from train.settings import Convolution

LARGEST = 4096  # neurons or filters of a layer: more is a slip of the finger, not a small classifier
CONVOLUTION = re.compile(r"(\d+)x(\d+)(d?)(?:/(\d+))?")


class Hidden(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Sizes of hidden layers, as in `10,10`."""

    name = "N,N,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Read the sizes; values that are none end in click's usage error."""
        sizes = [text.strip() for text in str(value).split(",")]
        if not all(text.isdecimal() and 1 <= int(text) <= LARGEST for text in sizes):
            self.fail(f"expected sizes of layers, 1 to {LARGEST}, as in 10,10; found {value!r}", param, ctx)
        return tuple(map(int, sizes))


class Convolutions(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Convolutions as in `16x5/2,24x3d`: filters, side of the kernel, and of the max-pooling that follows.

    With a `d` the kernel is a depthwise one.
    """

    name = "NxK[d][/S],..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Convolution, ...]:
        """Read the convolutions; values that are none end in click's usage error."""
        found = [CONVOLUTION.fullmatch(text.strip()) for text in str(value).split(",")]
        convolutions = tuple(
            Convolution(int(match[1]), int(match[2]), int(match[4] or 1), bool(match[3]))
            for match in found
            if match is not None
        )
        if None in found or not all(1 <= number <= LARGEST for layer in convolutions for number in layer[:3]):
            self.fail(
                f"expected filters x kernel side / pooling, each 1 to {LARGEST}, as in 16x5/2,24x3 or 24x5d; "
                f"found {value!r}",
                param,
                ctx,
            )
        return convolutions


def written(convolutions: tuple[Convolution, ...]) -> str:
    """Convolutions as the command line takes them."""
    return ",".join(
        f"{filters}x{side}" + ("d" if depthwise else "") + (f"/{pool}" if pool > 1 else "")
        for filters, side, pool, depthwise in convolutions
    )
