"""`python -m export`."""

from train.console.entry import run

if __name__ == "__main__":
    run("export.cli", "python -m export")
