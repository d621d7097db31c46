"""Browsers are started, driven alike, ended, and named where they are missing or broken."""

import os
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from export.cli import cli
from export.errors import BrowserError
from export.runtimes.browsers import ALL, NAMES, browser_named, chosen_browsers
from export.runtimes.browsers._browser import Browser, PageError
from export.runtimes.browsers.firefox import open_firefox

MISSING = {
    "chromium": "expected one of chromium, chromium-browser, google-chrome on the PATH, found none: ",
    "firefox": "expected one of firefox, firefox-esr on the PATH, found none: install Firefox ",
    "webkit": "found no WebKitWebDriver and no Xvfb: apt install webkit2gtk-driver xvfb ",
}
DRIVEN_BY = {"chromium": "playwright.sync_api", "firefox": "websocket", "webkit": "selenium.webdriver"}
PROGRAMS = {"chromium": "chromium", "firefox": "firefox", "webkit": "WebKitWebDriver"}


@pytest.mark.browser
def test_what_goes_into_a_page_comes_back(each_browser: Browser) -> None:
    with each_browser.start() as driver, driver.open_tab() as tab:
        assert driver.version[0].isdigit()
        tab.go("data:text/html,<!doctype html><title>e</title>")
        given = [{"a": [1, 2.5, None, '\u00e9\n"']}, True]
        assert tab.run("(...given) => given", *given) == given
        assert tab.run("async () => document.title") == "e"
        assert tab.run("() => undefined") is None
        with pytest.raises(PageError, match=r"^(\w+\.\w+: )?Error: so it is$"):
            tab.run("() => { throw new Error('so it is'); }")
        tab.run("() => { setTimeout(() => { globalThis.found = 7; }, 200); }")
        assert tab.wait_for("() => globalThis.found", 5) == 7
        with pytest.raises(PageError):
            tab.wait_for("() => globalThis.never", 0.3)


@pytest.mark.browser
def test_every_tab_is_new(each_browser: Browser) -> None:
    with each_browser.start() as driver:
        for _ in range(2):
            with driver.open_tab() as tab:
                tab.go("data:text/html,<!doctype html>")
                assert tab.run("() => [globalThis.mine, globalThis.mine = 1]") == [None, 1]


@pytest.mark.browser
@pytest.mark.usefixtures("firefox")
def test_a_firefox_that_crashes_is_an_error_and_no_wait() -> None:
    with open_firefox() as driver, driver.open_tab() as tab:
        os.kill(driver.session.capabilities["moz:processID"], signal.SIGKILL)
        with pytest.raises(PageError, match=r"^Firefox is gone "):
            tab.run("() => 1")


@pytest.mark.browser
def test_a_browser_that_is_missing_is_named_with_what_to_install(
    each_browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(cli, ["check", "--browser", each_browser.name, "--out", str(tmp_path)])
    assert isinstance(done.exception, BrowserError)
    assert MISSING[each_browser.name] in str(done.exception)
    assert not list(tmp_path.iterdir())  # it comes before any work


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_driver_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, DRIVEN_BY[name], None)
    with pytest.raises(BrowserError, match=r"pip install 'inkproof\[browser\]'"):
        browser_named(name).demand()


@pytest.mark.browser
def test_a_browser_that_does_not_start_is_named_in_one_line(
    each_browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / PROGRAMS[each_browser.name]
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with (
        pytest.raises(BrowserError, match=r"^expected .* to start, it didn't") as caught,
        each_browser.start(),
    ):
        pass
    assert "\n" not in str(caught.value)


@pytest.mark.browser
def test_all_are_those_that_are_there(
    firefox: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "firefox").symlink_to(firefox)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [browser.name for browser in chosen_browsers(ALL)] == ["firefox"]
    left_out = capsys.readouterr().err.splitlines()
    assert [line.partition(": expected ")[0].split()[-1] for line in left_out] == ["chromium", "webkit"]

    (tmp_path / "firefox").unlink()
    with pytest.raises(BrowserError, match="expected a browser, found none of chromium, firefox, webkit"):
        chosen_browsers(ALL)


def test_without_a_name_it_is_chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(cli, ["check", "--browser", "--out", str(tmp_path)])
    assert "expected one of chromium, " in str(done.exception)
