"""The most memory that a process has held, as each system says it."""

import os
import sys

import pytest

from export.runtimes.peak_memory import peak_bytes

if sys.platform != "linux":
    pytest.skip(
        "asks this machine in the ways of all systems, as far as Linux knows them", allow_module_level=True
    )
psutil = pytest.importorskip("psutil")
SYSTEMS = ["linux", "darwin", "win32"]


def held() -> int:
    return int(psutil.Process().memory_info().rss)


@pytest.mark.parametrize("system", SYSTEMS)
def test_of_this_process(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    found = peak_bytes("self")
    if system == "darwin":
        found *= 1024  # what it says in bytes is said here in kilobytes
    assert 0.9 * held() < found < 20e9


@pytest.mark.parametrize("system", SYSTEMS)
def test_of_another_process(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    parent = psutil.Process(os.getppid()).memory_info().rss
    assert 0.5 * parent < peak_bytes(str(os.getppid())) < 20e9
