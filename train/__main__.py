"""`python -m train`."""

from __future__ import annotations

from train.command import run

if __name__ == "__main__":
    run("train.cli", "python -m train")
