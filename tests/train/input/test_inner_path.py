"""Paths that lead out of a folder, on any system."""

import sys

import pytest

from train.input.inner_path import stays_inside

OUT = ["/etc/passwd", "..", "a/../../b", "..\\b", "a\\b", "\\\\server\\b", "a\0b"]


@pytest.mark.parametrize("path", OUT)
def test_out_of_it(path: str) -> None:
    assert not stays_inside(path)


@pytest.mark.parametrize("path", ["a", "a/b.json", "a..b", "...", "a b/ü.json"])
def test_in_it(path: str) -> None:
    assert stays_inside(path)


@pytest.mark.parametrize("path", ["C:/Windows", "C:file", "web/index.html:stream"])
def test_names_of_disks_are_ones_on_windows_only(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not stays_inside(path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert stays_inside(path)
