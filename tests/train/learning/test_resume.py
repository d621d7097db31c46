"""A run that was killed goes on as if it had never stopped; one that can't be gone on with is refused."""

import json
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from tests.train.command_line import command, train
from tests.train.outputs import save_npz, weights
from train.data.dataset import open_dataset, pen_dataset
from train.errors import OutputError, ResumeError
from train.learning.checkpoints import FOLDER, STATE, find_unfinished
from train.learning.fit import fit
from train.output import lock
from train.settings import Convolution, Settings

pytestmark = [pytest.mark.usefixtures("tensorflow"), pytest.mark.integration]

EPOCHS = 6
# With everything that could be forgotten: dropout, augmentation, a schedule, moments, moving averages.
SETTINGS = Settings(
    epochs=EPOCHS, batch_size=8, convolutions=((Convolution(4, 3, 2), Convolution(6, 3, 2)),), dropout=0.3
)
OPTIONS = ["--epochs", "6", "--batch-size", "8", "--convolutions", "4x3/2,6x3/2", "--dropout", "0.3"]


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    return save_npz(pen_dataset(train=400, test=50), tmp_path_factory.mktemp("data") / "digits.npz")


@pytest.fixture(scope="module")
def killed(npz, tmp_path_factory):
    """The output folder of a run that got SIGKILL in the middle of an epoch. Two are done, maybe more."""
    out = tmp_path_factory.mktemp("killed") / "out"
    arguments = command(*OPTIONS, "--data", npz, "--out", out)
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                if line.startswith("epoch 2/"):
                    break
        finally:
            process.kill()
    assert {entry.name for entry in out.iterdir()} == {FOLDER, lock.FILE}
    assert 2 <= len(find_unfinished(out).history) < EPOCHS
    return out


def copied(folder, to):
    import shutil

    return shutil.copytree(folder, to)


def test_resumed_run_ends_with_the_weights_of_an_unbroken_one(npz, killed, tmp_path):
    out = copied(killed, tmp_path / "out")
    unbroken = fit(open_dataset(npz), SETTINGS, tmp_path / "unbroken")
    done = train("--resume", "--data", npz, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "epoch 1/" not in done.stdout
    for one, other in zip(weights(unbroken), weights(out / "model.h5"), strict=True):
        np.testing.assert_array_equal(one, other)
    history = [path.parent / "training" / "history.csv" for path in (unbroken, out / "model.h5")]
    assert history[0].read_bytes() == history[1].read_bytes()
    assert not (out / FOLDER).exists()


def test_other_settings_are_refused(npz, killed, tmp_path):
    out = copied(killed, tmp_path / "out")
    with pytest.raises(ResumeError, match=r"expected epochs 6 as .* found 7: leave"):
        fit(open_dataset(npz), replace(SETTINGS, epochs=7), out, resume=True)
    assert find_unfinished(out).settings == SETTINGS


def test_other_data_is_refused(killed, tmp_path):
    out = copied(killed, tmp_path / "out")
    with pytest.raises(ResumeError, match=r"expected the data .*, digits.npz .* found pen \(sha256"):
        fit(pen_dataset(train=400, test=50), SETTINGS, out, resume=True)
    assert len(find_unfinished(out).history) >= 2


def test_nothing_to_resume_is_refused_in_one_line(npz, tmp_path):
    done = train("--resume", "--data", npz, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("inkproof: expected an unfinished training run in ")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "state",
    [b"", b"\xff", b"[]", b'{"settings": {"no": 1}, "dataset": {}, "history": []}', b'{"settings": {}}'],
)
def test_damaged_state_is_refused(killed, tmp_path, state):
    out = copied(killed, tmp_path / "out")
    (out / FOLDER / STATE).write_bytes(state)
    with pytest.raises(ResumeError, match="expected the state of a training run"):
        find_unfinished(out)


@pytest.mark.parametrize(
    "setting",
    [
        *({"epochs": 0}, {"epochs": 2**62}, {"batch_size": -1}, {"seed": 2**32}, {"patience": 0}),
        *({"rate": float("inf")}, {"rate": 0}, {"dropout": 1.0}, {"pen_share": float("nan")}),
        *({"elastic": -1e300}, {"validation_split": 1}, {"label_smoothing": 2**62}),
        *({"model": "rnn"}, {"optimizer": "\x1b[31m"}, {"schedule": ""}, {"activation": "x" * 10**6}),
        *({"hidden": []}, {"hidden": [0]}, {"hidden": [2**62]}, {"hidden": [1] * 10**6}),
        *({"convolutions": []}, {"convolutions": [[]]}, {"convolutions": [[[16, 3, 0, False, False]]]}),
        {"convolutions": [[[2**62, 3, 1, False, False]]]},
    ],
    ids=lambda setting: str(setting)[:40],
)
def test_settings_that_no_command_line_asks_for_are_refused(killed, tmp_path, setting):
    out = tmp_path / "out"
    (out / FOLDER).mkdir(parents=True)
    state = json.loads((killed / FOLDER / STATE).read_text())
    state["settings"].update(setting)
    (out / FOLDER / STATE).write_text(json.dumps(state))
    with pytest.raises(ResumeError, match=r"expected the state of a training run .* \(expected ") as caught:
        find_unfinished(out)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 700


def test_state_without_its_checkpoint_is_refused(killed, tmp_path):
    out = copied(killed, tmp_path / "out")
    find_unfinished(out).last.unlink()
    with pytest.raises(ResumeError, match="expected a checkpoint at "):
        find_unfinished(out)


def test_damaged_checkpoint_is_refused(npz, killed, tmp_path):
    out = copied(killed, tmp_path / "out")
    find_unfinished(out).last.write_bytes(b"no model")
    with pytest.raises(ResumeError, match="expected a checkpoint of Keras "):
        fit(open_dataset(npz), SETTINGS, out, resume=True)
    assert (out / FOLDER / STATE).exists()


def test_only_the_best_and_the_last_epoch_are_kept(killed):
    found = find_unfinished(killed)
    losses = [entry["val_loss"] for entry in found.history]
    assert losses[found.best_epoch] == min(losses)
    # It may have been killed while it wrote the next.
    following = found.last.with_name(f"epoch-{len(losses) + 1}.keras")
    assert set((killed / FOLDER).glob("*.keras")) - {following} == {found.best, found.last}


def test_new_run_takes_the_place_of_the_unfinished_one(npz, killed, tmp_path, capsys):
    out = copied(killed, tmp_path / "out")
    fit(open_dataset(npz), Settings("mlp", 1), out)
    assert f"this run replaces the unfinished one in {out}" in capsys.readouterr().out
    assert sorted(entry.name for entry in out.iterdir()) == ["model.h5", "training"]


def test_complete_run_that_could_not_be_put_in_place_is_resumed(npz, tmp_path, monkeypatch):
    """The disk was full at the very end, say: nothing is trained again."""
    from train.learning import fit as module

    def disk_full(*_):
        raise OutputError("expected room")

    out, settings = tmp_path / "out", Settings("mlp", 2)
    with monkeypatch.context() as patch:
        patch.setattr(module, "move_in_place", disk_full)
        with pytest.raises(OutputError, match="expected room"):
            fit(open_dataset(npz), settings, out)
    state = json.loads((out / FOLDER / STATE).read_text())
    assert len(state["history"]) == 2
    fit(open_dataset(npz), settings, out, resume=True)
    assert sorted(entry.name for entry in out.iterdir()) == ["model.h5", "training"]
