"""The command line. Each command imports what it needs itself, so that `--help` is fast.

What a command does stands in its `help`, since `python -OO` has no docstrings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from export.reference.scale_option import FORM, Scale
from export.runtimes.browsers import ALL, NAMES
from train.console.say import say
from train.settings import PRESETS

if TYPE_CHECKING:
    from export.target import Target

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("artifacts"),
    show_default=True,
    help="The output folder.",
)
data_option = click.option(
    "--data",
    help="An .npz, a folder of pictures by class, mnist, fashion_mnist, cifar10, cifar100, pen for the "
    "embedded digits, or noise where there are no data. By default $MNIST_NPZ, the Keras cache, or the "
    "official download.",
)


@click.group(
    help="Take a Keras classifier to the browser and the phone, and prove that exported models agree with it."
)
def cli() -> None:
    pass


@cli.command(
    "all",
    help="Do everything: train if there is no model, convert, compare with it, report, build the page.\n\n"
    "What an earlier run made from the same model, data, tools and code, and left whole, is reused.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="A .h5 or .keras. By default model.h5 in the output folder, trained first if it is missing.",
)
@click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    help="Of the training, where there is no model: quick takes about a minute.",
)
@click.option("--target", "names", multiple=True, help="Build only this target; may be repeated.")
@click.option("--force", is_flag=True, help="Reuse nothing of what an earlier run has made.")
@click.option(
    "--scale",
    type=Scale(),
    metavar=FORM,
    default="auto",
    show_default=True,
    help="The scale of the pixels that the model was trained on; auto measures it on training pictures. "
    "MEAN/STD, as in 33.3/78.6, is that of pixels less the mean, divided by the standard deviation.",
)
@click.option(
    "--labels", type=click.Path(path_type=Path), help="A text file with the name of a class in each line."
)
@click.option("--output", help="The output to export, of a model that has several: its name.")
@click.option("--name", help="What exported files call the model; by default it is named after the data.")
@click.option("--author", help="Who trained it, as exported files say.")
@click.option("--license", "license_", help="Under which it may be used, as exported files say.")
@click.option(
    "--skip-unsupported",
    is_flag=True,
    help="Leave out targets that lack what the model needs, without an error.",
)
@data_option
@out_option
def all_(
    model: Path | None,
    preset: str | None,
    names: tuple[str, ...],
    force: bool,
    scale: str,
    labels: Path | None,
    output: str | None,
    name: str | None,
    author: str | None,
    license_: str | None,
    skip_unsupported: bool,
    data: str | None,
    out: Path,
) -> None:
    from export.pipeline.nothing_to_do import is_done, say_so
    from export.pipeline.reading import Origin, Reading
    from train.output.staging import at_work

    reading = Reading.of_options(scale, output, labels, Origin(name, author, license_))
    if preset and (model or (out / "model.h5").exists()):
        raise click.UsageError(
            f"--preset is for the training, and {model or out / 'model.h5'} is trained already: "
            "leave it out, or choose another --out"
        )
    with at_work(out):  # from the first look on, so that no other run comes between
        if not force and is_done(model, data, names, reading, out):
            say_so(out)
        else:
            from export.pipeline.export_all import Request, export_all

            chosen = _chosen(names)
            export_all(
                Request(model, data, out, chosen, force, reading, skip_unsupported, preset or "default")
            )
    say(f"proven: {out}/manifest.json, {out}/report.html")
    say(f"to see the page: python -m export serve --out {out}")


@cli.command(help="List the targets, one a line, with what each is for.")
def targets() -> None:
    from export.targets import all_targets

    for target in all_targets():
        say(f"{target.name:20}{target.purpose}")


@cli.command(help="Compare the artifacts with the reference model again, as they lie on disk.")
@click.option(
    "--browser",
    type=click.Choice([*NAMES, ALL]),
    is_flag=False,
    flag_value="chromium",
    help="In a browser, too: chromium where none is named, all for those that are installed. Its figures are "
    "added to manifest and report.",
)
@data_option
@out_option
def check(browser: str | None, data: str | None, out: Path) -> None:
    from export.pipeline.check import check as check_again
    from export.runtimes.browsers import chosen_browsers

    proven = check_again(out, data, chosen_browsers(browser) if browser else [])
    say(f"proven: {len(proven)} artifacts in {out}")


@cli.command(help="Measure size, speed and memory of every exported model in each of its runtimes.")
@click.option(
    "--baseline",
    default="original",
    show_default=True,
    help="The target to compare with; original is the reference model.",
)
@click.option(
    "--rounds", type=click.IntRange(1), default=5, show_default=True, help="How often each is measured."
)
@click.option("--browser", is_flag=True, help="Measure in Chromium, too.")
@data_option
@out_option
def bench(baseline: str, rounds: int, browser: bool, data: str | None, out: Path) -> None:
    from export.bench.run import bench as measure
    from export.report.sections import BENCH

    measured = measure(out, data, baseline=baseline, rounds=rounds, browser=browser)
    say(f"measured: {len(measured)} in {out / BENCH}, {out}/report.html")


@cli.command(
    help="Write kits for apps: for each platform complete sources, the model's files, golden pictures, and a "
    "self-test, in kit/ in the output folder.\n\nWhat this machine can compile or run of them, it does."
)
@click.option("--platform", "names", multiple=True, help="Write only this platform's kit; may be repeated.")
@data_option
@out_option
def kit(names: tuple[str, ...], data: str | None, out: Path) -> None:
    from export.errors import UnknownPlatformError
    from export.kits import named_kits
    from export.pipeline.write_kits import write_kits

    try:
        kits = named_kits(names)
    except UnknownPlatformError as error:
        raise click.BadParameter(str(error), param_hint="'--platform'") from None
    for entry in write_kits(kits, out, data):
        say(f"{entry['title']}: {entry['done']} ({entry['how']})")
    say(f"written: {out}/kit, {out}/report.html")


@cli.command(help="Check size and SHA-256 of every file against the manifest, and that no file is added.")
@click.option(
    "--expect",
    metavar="SHA256",
    help="The SHA-256 of manifest.json, kept elsewhere: who can change the files can change the manifest.",
)
@out_option
def verify(expect: str | None, out: Path) -> None:
    from export.manifest import verify as verify_files

    say(f"intact: {verify_files(out, expect)} files in {out}")


@cli.command(help="Show the page on 127.0.0.1; Ctrl-C ends it.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for any free one."
)
@out_option
def serve(port: int, out: Path) -> None:
    from export.site.serve import ADDRESS, site_server

    with site_server(out, port) as server:
        say(f"http://{ADDRESS}:{server.server_port}/")
        server.serve_forever()


def _chosen(names: tuple[str, ...]) -> list[Target]:
    from export.errors import UnknownTargetError
    from export.targets import named_targets

    try:
        return named_targets(names)
    except UnknownTargetError as error:
        raise click.BadParameter(str(error), param_hint="'--target'") from None
