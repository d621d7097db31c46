"""`python -m train`."""

from __future__ import annotations

from train.console.entry import run

if __name__ == "__main__":
    run("train.cli", "python -m train")
