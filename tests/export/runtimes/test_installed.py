"""Programs on the PATH, and where installers put them."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from export.runtimes.browsers.chromium import PLACES, PROGRAMS
from export.runtimes.installed import find_program

WINDOWS = {
    "ProgramFiles": "Program Files",
    "ProgramFiles(x86)": "Program Files (x86)",
    "LocalAppData": "Local",
}


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A disk without programs, where the environment looks for them."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name, folder in WINDOWS.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    return tmp_path


def program_at(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


@pytest.mark.parametrize("home", WINDOWS.values())
def test_chrome_of_windows(home: str, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(shutil, "which", lambda name: None)  # it asks Windows itself there
    assert find_program(PROGRAMS, PLACES) is None
    chrome = program_at(disk / home / "Google" / "Chrome" / "Application" / "chrome.exe")
    assert find_program(PROGRAMS, PLACES) == chrome


@pytest.mark.posix
def test_chrome_of_a_mac(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = disk / "home" / "Applications" / "Google Chrome.app" / "Contents"
    chrome = program_at(contents / "MacOS" / "Google Chrome")
    monkeypatch.setattr(sys, "platform", "linux")
    assert find_program(PROGRAMS, PLACES) is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert find_program(PROGRAMS, PLACES) == chrome
    on_path = program_at(disk / "bin" / "chromium")
    assert find_program(PROGRAMS, PLACES) == on_path
    assert os.access(on_path, os.X_OK)
