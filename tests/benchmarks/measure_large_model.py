"""How much memory and time a model of 100 MB takes on its way through `python -m export all`.

    python -m tests.benchmarks.measure_large_model

Its weights are random, its pictures noise. Measured is what the command and all processes that it starts
hold at once, shared pages counted for each of them. Linux only.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MOST_BYTES = 3_000_000_000
PERIOD_S = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")
BUILD = """
import sys, keras
from keras import layers as L
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((32, 32, 3)), L.Rescaling(1 / 127.5, -1)])
for filters in 64, 128, 512, 1024:
    model.add(L.Conv2D(filters, 3, 2, padding="same", activation="relu"))
model.add(L.Flatten())
for units in 4400, 512:
    model.add(L.Dense(units, activation="relu"))
model.add(L.Dense(10, activation="softmax"))
model.save(sys.argv[1])
"""


def resident(root: int) -> int:
    """Bytes that a process and all that it has started hold in memory."""
    parents, pages, commands = {}, {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        process = int(folder.name)
        parents[process], pages[process], commands[process] = int(fields[1]), int(fields[21]), command
    family, found = {root}, 0
    while len(family) > found:
        found = len(family)
        family |= {process for process, parent in parents.items() if parent in family}
    # Until it begins its own program, a new process has the memory and the name of the one that started it.
    begun = {one for one in family if one == root or commands.get(one) != commands.get(parents.get(one, 0))}
    return PAGE * sum(pages.get(process, 0) for process in begun)


def exported(model: Path, out: Path, data: str = "noise") -> tuple[int, float, int]:
    """The status with which the export ends, the seconds that it takes, the bytes that it holds at most."""
    options = ["--model", str(model), "--data", data, "--out", str(out)]
    start, peak = time.perf_counter(), 0
    with subprocess.Popen([sys.executable, "-m", "export", "all", *options], cwd=PROJECT) as process:
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(PERIOD_S)
    return process.returncode, time.perf_counter() - start, peak


def main() -> None:
    """Print the time and the memory; fail if it is too much."""
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model = folder / "large.keras"
        subprocess.run([sys.executable, "-c", BUILD, str(model)], check=True, stderr=subprocess.DEVNULL)
        status, seconds, peak = exported(model, folder / "out")
        megabytes = model.stat().st_size / 1e6
    print(f"{megabytes:.0f} MB: {seconds:.0f} s, at most {peak / 1e9:.2f} GB at once")
    if status or peak > MOST_BYTES:
        sys.exit(f"expected status 0 and at most {MOST_BYTES / 1e9:.0f} GB, found status {status}")


if __name__ == "__main__":
    main()
