"""How long `export all` takes where there is nothing to do, beside `python -c "import click"`.

    python -m tests.benchmarks.compare_no_op --out artifacts [--before CHECKOUT OUT]

--before adds another checkout of the project, with an output folder of its own. In turns, so that a busy
machine is busy for all.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.timed import timed

PROJECT = Path(__file__).parents[2]
MOST_OF_CLICK = 6.0
CLICK = [sys.executable, "-c", "import click"]
Command = tuple[list[str], Path]  # and the checkout in which it runs


def no_op(project: Path, out: Path) -> Command:
    """The command, after it has done what there was to do."""
    command = [sys.executable, "-m", "export", "all", "--out", str(out.resolve())]
    said = ""
    while not said.startswith("nothing to do"):
        environment = {**os.environ, "PYTHONPATH": str(project)}
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        said = done.stdout
    return command, project


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("artifacts"), help="the output folder")
    parser.add_argument(
        "--before", type=Path, nargs=2, metavar=("CHECKOUT", "OUT"), help="another checkout and its output"
    )
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    commands = {"import click": (CLICK, PROJECT), "export all": no_op(PROJECT, options.out)}
    if options.before:
        commands["before"] = no_op(*options.before)
    taken = {
        name: [timed(*command)]
        for name, command in commands.items()  # the first reads files that the next find in memory
    }
    for _ in range(options.rounds):
        for name, command in commands.items():
            taken[name].append(timed(*command))
    print(f"medians of {options.rounds} each, in turns; ratios to the first")
    clicks = [statistics.median(column) for column in zip(*taken["import click"][1:], strict=True)]
    for name, times in taken.items():
        clock, busy = (statistics.median(column) for column in zip(*times[1:], strict=True))
        print(
            f"{name:14}{clock:8.3f} s by the clock ({clock / clicks[0]:.1f}x)"
            f"{busy:8.3f} s of the processor ({busy / clicks[1]:.1f}x)"
        )
    print(f"bar: at most {MOST_OF_CLICK:g}x")


if __name__ == "__main__":
    main()
