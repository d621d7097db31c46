"""The official download: no other file passes for it, and only a refusing network leads to pen digits."""

import http.server
import socket
import threading

import numpy as np
import pytest

from train.data import mnist
from train.data.dataset import find_dataset, locate_dataset, pen_dataset
from train.errors import DataError, NetworkError


@pytest.fixture(autouse=True, params=["there", "yet to be made"])
def keras_home(request, tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_NPZ", raising=False)
    home = tmp_path / "keras"
    if request.param == "there":
        home.mkdir()
    monkeypatch.setenv("KERAS_HOME", str(home))
    return home


def test_network_that_refuses_gives_pen_digits_and_says_so(no_network, monkeypatch, capsys):
    monkeypatch.setattr(pen_dataset, "__defaults__", (120, 40))  # the full number takes seconds
    assert find_dataset().name == "pen"
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "refused" in err
    assert "pen digits, NOT MNIST" in err
    assert mnist.ORIGIN in err


@pytest.mark.parametrize(("before", "asked"), [("pen", False), ("mnist", True), (None, True)])
def test_only_what_was_pen_digits_before_is_so_without_asking_the_network(
    before, asked, no_network, monkeypatch, capsys
):
    found = locate_dataset(before=before)
    assert found.identity() == {"name": "pen"}
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert ("refused" in err) == asked
    assert "pen digits" in err


def test_mnist_never_falls_back(no_network):
    patience = socket.getdefaulttimeout()
    with pytest.raises(NetworkError, match="refused"):
        find_dataset("mnist")
    assert socket.getdefaulttimeout() == patience


@pytest.fixture
def wrong_file(tmp_path, monkeypatch):
    """A server that has another file under MNIST's name."""
    served = tmp_path / "served"
    served.mkdir()
    np.savez(served / "mnist.npz", x_train=np.zeros(3))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=served)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(mnist, "ORIGIN", f"http://127.0.0.1:{server.server_port}/mnist.npz")
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("choice", [None, "mnist"])
def test_wrong_file_is_refused_and_not_kept(choice, wrong_file, keras_home):
    for _ in range(2):  # the second time it must not be taken from the cache
        with pytest.raises(DataError, match="found another file") as caught:
            find_dataset(choice)
        assert not isinstance(caught.value, NetworkError)
    assert list((keras_home / "datasets").iterdir()) == []
