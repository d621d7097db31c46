"""Manifests that are hostile or broken, and what is said of each; and what is no file."""

import json
from typing import Any


def manifest(**values: Any) -> bytes:
    file = {"path": "model.h5", "bytes": 3, "sha256": "0" * 64}
    good = {
        "schema_version": 1,
        "sha256": "",
        "model": file,
        "contract": {},
        "dataset": {"sha256": "", "name": ""},
    }
    rest: dict[str, Any] = {"reference": {}, "versions": {}, "targets": [], "site": []}
    return json.dumps({**good, **rest, **values}).encode()


def naming(path: str) -> bytes:
    return manifest(site=[{"path": path, "bytes": 0, "sha256": "0" * 64}])


MANIFESTS: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "something else"),
    "no text": (b"\xff\xfe\x00", "something else"),
    "a list": (b"[]", "something else"),
    "100,000 levels": (b"[" * 100_000, "something else"),
    "another version": (manifest(schema_version=9), "schema version 1"),
    "another key": (manifest(run="rm"), "something else"),
    "half a character": (manifest(versions={"a": "\ud800"}), "half a character"),
    "5,000 digits": (b'{"schema_version": ' + b"9" * 5000 + b"}", "something else"),
    "a size that is a text": (
        manifest(model={"path": "a", "bytes": "3", "sha256": ""}),
        "model.bytes to be a number",
    ),
    "files that are no list": (manifest(site=3), "site to be a list"),
    "a claim of 6 GB": (manifest(site=[{"path": "a", "bytes": 6 * 10**9, "sha256": ""}]), "a claim of more"),
    "a named pipe": (naming("pipe"), "unreadable (found a named pipe)"),
    "path that leads out": (naming("../../../etc/passwd"), "paths within"),
    "absolute path": (naming("/etc/passwd"), "paths within"),
    "path with a null byte": (naming("a\0b"), "paths within"),
    "path with a line end": (naming("a\nb"), "unreadable"),
    "link out of the folder": (naming("passwd"), "is a link out of"),
    "link to what has no end": (naming("zero"), "is a link out of"),
    "another content": (manifest(), "another content"),
}
