"""What the tests of the data share."""

import socket

import pytest

from train import mnist


@pytest.fixture
def no_network(monkeypatch):
    """A port on which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(mnist, "ORIGIN", f"http://127.0.0.1:{free.getsockname()[1]}/mnist.npz")
        yield
