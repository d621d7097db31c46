"""Sweeps: alone or shared by processes they find the same, and what they print can be done again."""

import csv
import os
import shlex
import signal
import socket
import subprocess
import time
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from tests.train.command_line import command
from tests.train.outputs import entries, save_npz
from train.cli import cli
from train.data.dataset import open_dataset, pen_dataset
from train.errors import OutputError, SweepError
from train.model_file.model_file import load_model
from train.sweep import worker_role

PATIENCE_S = 300
TRIALS = 4
FILES = {"sweep.csv", "sweep.svg", "model.h5", "training"}

# KerasTuner 1.4.8 asks for a thread's name as one did before Python 3.10.
pytestmark = [
    pytest.mark.integration,
    pytest.mark.usefixtures("tensorflow"),
    pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def no_distribution(monkeypatch):
    for name in worker_role.VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    return save_npz(pen_dataset(train=300, test=60), tmp_path_factory.mktemp("data") / "few digits.npz")


def arguments(npz, out, *more):
    given = {"--trials": TRIALS, "--epochs": 1, "--seed": 3, "--data": npz, "--out": out}
    return ["sweep", *(str(word) for option in given.items() for word in option), *more]


@pytest.fixture(scope="module")
def alone(npz, tmp_path_factory):
    """A sweep in this process: its output folder and what it printed."""
    out = tmp_path_factory.mktemp("alone") / "artifacts"
    done = CliRunner().invoke(cli, arguments(npz, out), catch_exceptions=False)
    assert done.exit_code == 0
    return out, done.stdout


def rows(out):
    with (out / "sweep" / "sweep.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_leaves_everything_in_its_folder(alone):
    out, _ = alone
    assert entries(out.parent)[:2] == ["artifacts", "artifacts/sweep"]
    assert {path.name for path in (out / "sweep").iterdir()} == FILES


def test_ranks_its_trials_by_validation_accuracy(alone):
    out, printed = alone
    ranked = rows(out)
    accuracies = [float(row["val_accuracy"]) for row in ranked]
    assert accuracies == sorted(accuracies, reverse=True)
    assert sorted(int(row["trial"]) for row in ranked) == list(range(1, TRIALS + 1))
    assert len({row["command"] for row in ranked}) == TRIALS
    table = [line.split() for line in printed.splitlines()]
    head = next(n for n, words in enumerate(table) if words[:2] == ["trial", "accuracy"])
    assert [words[0] for words in table[head + 2 : head + 2 + TRIALS]] == [row["trial"] for row in ranked]
    ElementTree.parse(out / "sweep" / "sweep.svg")


def test_says_a_trial_of_each_as_it_ends(alone):
    _, printed = alone
    lines = [line for line in printed.splitlines() if line.startswith("trial ") and "%" in line]
    assert [line.split()[1] for line in lines] == [str(number) for number in range(1, TRIALS + 1)]


def test_best_model_is_that_of_the_best_trial(alone, npz):
    """Training it again came to the accuracy that it was chosen for, on pictures that aren't tested on."""
    out, _ = alone
    best, validation = rows(out)[0], open_dataset(npz).validation
    model = load_model(out / "sweep" / "model.h5")
    predictions = model.predict(validation.images.astype(np.float32), verbose=0).argmax(axis=1)
    assert (predictions == validation.labels).mean() == pytest.approx(float(best["val_accuracy"]), abs=1e-6)
    assert model.count_params() == int(best["parameters"])


def test_printed_command_trains_the_best_model(alone, tmp_path):
    out, printed = alone
    (command,) = {line for line in printed.splitlines() if line.startswith("python -m train fit ")}
    assert command == rows(out)[0]["command"]
    words = shlex.split(command)[3:]
    assert CliRunner().invoke(cli, [*words, "--out", tmp_path], catch_exceptions=False).exit_code == 0
    ours, theirs = (load_model(path / "model.h5").get_weights() for path in (tmp_path, out / "sweep"))
    assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))


class Processes:
    """Processes of one sweep; all that are left are killed, one by one, at the end."""

    def __init__(self, folder):
        self.folder, self.running = folder, {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self, name, npz, *more):
        log = (self.folder / f"{name}.log").open("wb")
        variables = dict(zip(worker_role.VARIABLES, (name, "127.0.0.1", str(self.port)), strict=True))
        words = command(*arguments(npz, self.folder / f"out of {name}", *more))
        with log:
            self.running[name] = subprocess.Popen(
                words, stdout=log, stderr=subprocess.STDOUT, env=os.environ | variables
            )

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def wait_until(self, name, text):
        end = time.monotonic() + PATIENCE_S
        while text not in self.log(name):
            assert time.monotonic() < end, self.log(name)
            assert self.running[name].poll() is None, self.log(name)
            time.sleep(0.1)

    def wait(self, name):
        return self.running[name].wait(PATIENCE_S)


@pytest.fixture
def processes(tmp_path):
    started = Processes(tmp_path)
    yield started
    for process in started.running.values():
        process.kill()
        process.wait()


@pytest.mark.slow  # four processes with TensorFlow
def test_chief_and_two_workers_find_what_one_process_does(alone, npz, processes, tmp_path):
    workers = ("one", "two", "other")
    for worker in workers:
        processes.start(worker, npz, *(("--epochs", "2") if worker == "other" else ()))
    for worker in workers:
        processes.wait_until(worker, "requesting trials from the chief")  # before there is one
    processes.start("chief", npz)
    assert processes.wait("chief") == 0, processes.log("chief")
    assert [processes.wait(worker) for worker in workers] == [0, 0, 1]

    # The one that was started with other options took no trial, and says why.
    trained = [processes.log(worker).count("trial ") for worker in workers]
    assert min(trained[:2]) > 0
    assert trained[0] + trained[1] == TRIALS
    assert trained[2] == 0
    *_, error = processes.log("other").splitlines()
    assert error.startswith("inkproof: expected the options of the chief, --model mlp --epochs 1 --seed 3")
    assert "found --model mlp --epochs 2" in error

    assert sorted(path.name for path in tmp_path.glob("*out of*")) == ["out of chief"]
    chief, (out, _) = tmp_path / "out of chief", alone
    assert {path.name for path in (chief / "sweep").iterdir()} == FILES
    for ours, theirs in zip(rows(chief), rows(out), strict=True):
        assert float(ours.pop("val_accuracy")) == pytest.approx(float(theirs.pop("val_accuracy")), abs=1e-6)
        assert ours | {"seconds": ""} == theirs | {"seconds": ""}


def test_a_folder_that_can_not_be_is_refused_before_data_are_read(tmp_path):
    (tmp_path / "file").touch()
    done = CliRunner().invoke(cli, arguments(tmp_path / "none.npz", tmp_path / "file"))
    assert isinstance(done.exception, OutputError)
    assert "found a file" in str(done.exception)


@pytest.mark.slow  # as an interrupted training, for longer
def test_interrupted_sweep_leaves_nothing(npz, tmp_path):
    more = ("--trials", "1000")
    words = command(*arguments(npz, tmp_path / "out", *more))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert any(line.startswith("trial 2") for line in process.stdout or ())
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert (process.returncode, error) == (130, "inkproof: interrupted\n")
    assert entries(tmp_path) == []


@pytest.fixture
def as_chief(monkeypatch):
    """This process is a chief on a port that is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for name, value in zip(
            worker_role.VARIABLES, ("chief", "127.0.0.1", taken.getsockname()[1]), strict=True
        ):
            monkeypatch.setenv(name, str(value))
        yield


def test_chief_that_cannot_serve_is_one_line(as_chief, npz, tmp_path):
    done = CliRunner().invoke(cli, arguments(npz, tmp_path / "out"))
    assert isinstance(done.exception, SweepError)
    assert str(done.exception).startswith("expected to serve trials at 127.0.0.1:")
    assert "\n" not in str(done.exception)
    assert entries(tmp_path) == []


def test_worker_waits_for_a_chief_but_not_for_ever(npz, tmp_path, monkeypatch):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and doesn't listen
        port = str(nobody.getsockname()[1])
        for name, value in zip(worker_role.VARIABLES, ("worker", "127.0.0.1", port), strict=True):
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(worker_role, "PATIENCE_S", 1.0)
        done = CliRunner().invoke(cli, arguments(npz, tmp_path / "out"))
    assert isinstance(done.exception, SweepError)
    assert str(done.exception).startswith(f"expected a chief at 127.0.0.1:{port}, none answered for 1 s")
    assert entries(tmp_path) == []
