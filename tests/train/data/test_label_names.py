"""Files of labels: one a line, as Teachable Machine numbers them, and nothing else."""

import os

import pytest

from train.data.label_names import MOST_BYTES, read_label_names
from train.errors import DataError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.txt"


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("cat\ndog\n", ("cat", "dog")),
        ("cat\r\ndog\r\n\r\n  \n", ("cat", "dog")),
        ("\ufeffKatze\nHündin\n狗", ("Katze", "Hündin", "狗")),
        ("0 Cat\n1 Big Dog\n", ("Cat", "Big Dog")),
        ("0\n1\n2\n", ("0", "1", "2")),
        ("1 Cat\n2 Dog\n", ("1 Cat", "2 Dog")),
        ("crane\ncrane\n", ("crane", "crane")),  # ImageNet has two
        ("a\tb\x1b[31m", ("a b [31m",)),
    ],
)
def test_names(path, content, names):
    path.write_bytes(content.encode())
    assert read_label_names(path) == names


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        (b"cat\n\ndog\n", "line 2"),
        (b"x" * 101, "101 characters"),
        (b"\xff\xfec\x00", "UTF-8"),
        (b"x\n" * 70_000, "70,000"),
        (b"x" * (MOST_BYTES + 1), "more than 4,000,000 bytes"),
    ],
)
def test_refused(path, content, found):
    path.write_bytes(content)
    refused(path, found)


def test_no_file(path, tmp_path):
    refused(path, "found no file")
    refused(tmp_path, "found a folder")


@pytest.mark.posix
def test_a_named_pipe(path):
    os.mkfifo(path)
    refused(path, "found a named pipe")


def refused(path, found):
    with pytest.raises(DataError) as caught:
        read_label_names(path)
    message = str(caught.value)
    assert message.startswith("expected ")
    assert str(path) in message
    assert found in message
