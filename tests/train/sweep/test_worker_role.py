"""Which part a process has in a sweep, as the environment says it."""

import pytest
from click.testing import CliRunner

from train.cli import cli
from train.errors import SweepError
from train.sweep import worker_role
from train.sweep.worker_role import Role, find_role


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (("", "", ""), Role.ALONE),
        (("chief", "10.0.0.1", "8000"), Role.CHIEF),
        (("chief-of-all", "host", "1"), Role.CHIEF),
        (("worker0", "::1", "65535"), Role.WORKER),
    ],
)
def test_environment_says_the_role(values, role, monkeypatch):
    for name, value in zip(worker_role.VARIABLES, values, strict=True):
        monkeypatch.setenv(name, value)
    assert find_role() is role


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (("chief", "127.0.0.1", ""), "found no KERASTUNER_ORACLE_PORT"),
        (("", "127.0.0.1", "8000"), "found no KERASTUNER_TUNER_ID"),
        (("worker", "", ""), "found no KERASTUNER_ORACLE_IP"),
        (("worker", "127.0.0.1", "http"), "found 'http'"),
        (("worker", "127.0.0.1", "0"), "found '0'"),
        (("worker", "127.0.0.1", "65536"), "found '65536'"),
    ],
)
def test_half_an_environment_is_one_line_before_any_work(values, found, monkeypatch, tmp_path):
    for name, value in zip(worker_role.VARIABLES, values, strict=True):
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(cli, ["sweep", "--data", "no such.npz", "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, SweepError)
    assert found in str(done.exception)
    assert "\n" not in str(done.exception)
