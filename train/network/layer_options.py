"""The notation of layers on the command line: `--hidden 10,10`, `--convolutions 16x5/2,24x3d`."""

import re

import click

from train.settings import LARGEST, Convolution, Network

CONVOLUTION = re.compile(r"(\d+)x(\d+)(d?)(v?)(?:/(\d+))?")


class Hidden(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Sizes of hidden layers, as in `10,10`."""

    name = "N,N,..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Parse the sizes; anything else is a usage error."""
        sizes = [text.strip() for text in str(value).split(",")]
        if not all(text.isdecimal() and 1 <= int(text) <= LARGEST for text in sizes):
            self.fail(f"expected sizes of layers, 1 to {LARGEST}, as in 10,10; found {value!r}", param, ctx)
        return tuple(map(int, sizes))


class Convolutions(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4 only
    """Convolutions as in `16x5/2,24x3d`: filters, side of the kernel, side of the max-pooling that follows.

    `d` makes the kernel depthwise, `v` leaves the padding out, and `+` separates the networks of an ensemble.
    """

    name = "NxK[d][v][/S],..."

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Network, ...]:
        """Parse the convolutions; anything else is a usage error."""
        networks = tuple(_network(text) for text in str(value).split("+"))
        numbers = [number for network in networks for convolution in network for number in convolution[:3]]
        if not all(networks) or not all(1 <= number <= LARGEST for number in numbers):
            self.fail(
                f"expected filters x kernel side / pooling, each 1 to {LARGEST}, as in 16x5/2,24x3 or 24x5d; "
                f"found {value!r}",
                param,
                ctx,
            )
        return networks


def _network(text: str) -> Network:
    """The convolutions of one network; none if the text isn't valid."""
    found = [CONVOLUTION.fullmatch(word.strip()) for word in text.split(",")]
    valid = [m for m in found if m] if all(found) else []
    return tuple(Convolution(int(m[1]), int(m[2]), int(m[5] or 1), bool(m[3]), bool(m[4])) for m in valid)


def written(networks: tuple[Network, ...]) -> str:
    """Convolutions in the notation of the command line."""
    return "+".join(",".join(map(_written, network)) for network in networks)


def _written(convolution: Convolution) -> str:
    kind = ("d" if convolution.depthwise else "") + ("v" if convolution.valid else "")
    pool = f"/{convolution.pool}" if convolution.pool > 1 else ""
    return f"{convolution.filters}x{convolution.side}{kind}{pool}"
