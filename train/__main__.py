"""`python -m train`, and the console script `inkproof-train`."""

from typing import NoReturn

from train.console.entry import run


def main() -> NoReturn:
    """Run the command line and exit."""
    run("train.cli")


if __name__ == "__main__":
    main()
