"""Fixtures for the tests of training."""

import socket
from collections.abc import Iterator

import pytest

from train.console.quiet import import_tensorflow
from train.data import mnist
from train.data.dataset import Dataset, Split


@pytest.fixture(scope="session")
def tensorflow() -> None:
    """TensorFlow is imported, without its start-up messages, which would be errors here."""
    import_tensorflow()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The official download is refused, as without a network."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(mnist, "ORIGIN", f"http://127.0.0.1:{free.getsockname()[1]}/mnist.npz")
        yield


@pytest.fixture(scope="session")
def splits(pen_digits: Dataset) -> dict[str, Split]:
    """The splits of `pen_digits` by name, as the checks take them."""
    return {"train": pen_digits.train, "validation": pen_digits.validation, "test": pen_digits.test}
