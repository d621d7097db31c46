"""`python -m export`."""

from __future__ import annotations

from train.command import run

if __name__ == "__main__":
    run("export.cli", "python -m export")
