"""`python -m export`, and the console script `inkproof`."""

from typing import NoReturn

from train.console.entry import run


def main() -> NoReturn:
    """Run the command line and exit."""
    run("export.cli")


if __name__ == "__main__":
    main()
