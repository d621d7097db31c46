"""`python -m export`."""

from __future__ import annotations

from export.cli import cli
from train.command import run

if __name__ == "__main__":
    run(cli, "python -m export")
