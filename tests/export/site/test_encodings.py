"""Accept-Encoding as RFC 9110 has it."""

import pytest

from export.site.encodings import chosen_encoding

BOTH = ("br", "gzip")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "identity"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("BR", "br"),
        ("br;q=0", "identity"),
        ("br;q=0.0, gzip", "gzip"),
        ("br ; Q=0.000 , gzip;q=0.001", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br;q=0.2, identity;q=0.8", "identity"),
        ("identity", "identity"),
        ("identity;q=0", None),
        ("identity;q=0, gzip", "gzip"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, identity", "identity"),
        ("br;q=nan, gzip;q=-1", "identity"),
        ("br;q=2", "identity"),
        ("br;level=3;q=1", "identity"),
        ("deflate", "identity"),
        (",,;q=0,", "identity"),
    ],
)
def test_the_coding_that_the_client_likes_best_is_chosen(accepted: str, expected: str | None) -> None:
    assert chosen_encoding(accepted, BOTH) == expected


def test_what_is_not_there_is_not_chosen() -> None:
    assert chosen_encoding("br, gzip;q=0.1", ["gzip"]) == "gzip"
    assert chosen_encoding("br", []) == "identity"
    assert chosen_encoding("br, identity;q=0", []) is None
