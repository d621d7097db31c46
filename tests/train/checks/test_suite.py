"""All checks together, by function and by command: only what can't be checked is skipped."""

from functools import partial

import numpy as np
import pytest

from tests.train.checks.small_network import RATE, mlp
from tests.train.command_line import train
from train.checks.finding import Verdict
from train.checks.suite import COUNT, checkup, demand_health
from train.data.dataset import Split
from train.errors import CheckError

pytestmark = [pytest.mark.usefixtures("tensorflow"), pytest.mark.integration]

check = partial(train, "check", timeout_s=240)


@pytest.mark.slow  # as on any data, for longer
@pytest.mark.mnist
def test_command_on_mnist(mnist_npz):
    done = check("--data", mnist_npz)
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(text.startswith("pass ") for text in done.stdout.splitlines()) == COUNT


@pytest.mark.slow  # its many multiplications take long
def test_command_on_a_trained_model(trained, pen_npz):
    done = check("--data", pen_npz, "--model", trained)
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(text.startswith("pass ") for text in done.stdout.splitlines()) == COUNT


def course(pen_digits, folder, x=lambda x: x):
    """One-hot labels and float pictures, as a course has them, and an MLP, both in `folder`."""
    train, test = pen_digits.train, pen_digits.test
    np.savez(
        folder / "course.npz",
        x_train=x(train.images[:2000, ..., 0] / 255).astype(np.float32),
        y_train=np.eye(10, dtype=np.float32)[train.labels[:2000]],
        x_test=x(test.images[..., 0] / 255).astype(np.float32),
        y_test=np.eye(10, dtype=np.float32)[test.labels],
    )
    mlp().save(folder / "mlp.keras")
    return "--data", folder / "course.npz", "--model", folder / "mlp.keras"


def test_command_on_one_hot_labels_and_scaled_pictures(pen_digits, tmp_path):
    """They are understood, which is said."""
    done = check(*course(pen_digits, tmp_path))
    assert "inkproof: pixels 0..1 are taken as grey levels 0..255\n" in done.stderr
    assert "inkproof: one-hot labels are taken as class numbers\n" in done.stderr
    for name in ("grey levels", "labels"):
        assert f"\npass    {name}" in done.stdout


@pytest.mark.slow  # each fault is found by a test of its own
def test_command_on_standardized_pictures(pen_digits, tmp_path):
    """What the reader of datasets refuses is explained, and all that can be checked is."""
    done = check(*course(pen_digits, tmp_path, lambda x: x - 0.5))
    assert done.returncode == 1
    assert done.stderr.startswith(f"inkproof: expected all {COUNT} checks to pass, found faults in ")
    assert done.stderr.count("\n") == 1
    for name in ("grey levels", "labels", "input scale"):
        assert name in done.stderr
        assert f"\nFAIL    {name}" in done.stdout
    assert "undo the normalisation" in done.stdout
    assert "one-hot" in done.stdout
    assert "skipped" not in done.stdout


def test_the_model_file_is_judged_before_data_are_read(tmp_path):
    done = train("check", "--data", "none.npz", "--model", "none.h5", cwd=tmp_path)
    assert "model at none.h5, found no file" in done.stderr


@pytest.mark.slow  # trains to no avail
def test_a_batch_that_is_not_learned_skips_further_training(splits):
    findings = dict(checkup(splits, rate=0.0))
    assert [name for name, finding in findings.items() if finding.is_fault] == ["one batch"]
    untold = ("learning", "dead ReLUs", "validation gap", "test gap")
    assert {findings[name].verdict for name in untold} == {Verdict.SKIPPED}
    assert "fix that first" in findings["learning"].found


def test_data_that_cannot_be_trained_on_skip_the_rest(splits):
    broken = splits | {"train": Split(splits["train"].images, splits["train"].labels[:-1])}
    findings = dict(checkup(broken, rate=RATE))
    assert findings["shapes"].is_fault
    assert findings["leakage"].verdict is Verdict.PASS
    assert findings["one batch"].verdict is Verdict.SKIPPED
    with pytest.raises(CheckError, match=rf"all {COUNT} checks .* 1 \(shapes\)"):
        demand_health(findings)


def test_wrong_last_layer_skips_what_it_must_only(splits):
    findings = dict(checkup(splits, RATE, given=mlp(9)))
    assert [name for name, finding in findings.items() if finding.is_fault] == ["layers"]
    assert findings["probabilities"].verdict is Verdict.SKIPPED
