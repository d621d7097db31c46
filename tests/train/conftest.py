"""What the tests of training share."""

import socket

import pytest

from train.data import mnist


@pytest.fixture
def no_network(monkeypatch):
    """A port on which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(mnist, "ORIGIN", f"http://127.0.0.1:{free.getsockname()[1]}/mnist.npz")
        yield


@pytest.fixture(scope="session")
def splits(pen_digits):
    """The splits of `pen_digits` by name, as the checks take them."""
    return {"train": pen_digits.train, "validation": pen_digits.validation, "test": pen_digits.test}
