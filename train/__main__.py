"""`python -m train`."""

from train.console.entry import run

if __name__ == "__main__":
    run("train.cli", "python -m train")
