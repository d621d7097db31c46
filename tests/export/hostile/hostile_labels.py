"""Files of labels that are hostile or broken, and what is said of each."""

from pathlib import Path

from tests.export.hostile.hostile_tables import Table, containing
from tests.export.hostile.no_files import endless, pipe, sparse

OTHER_BYTES = "found other bytes"
LABELS: Table = {
    "missing": (lambda path: None, "found no file"),
    "folder": (Path.mkdir, "found a folder"),
    "pipe": (pipe, "found a named pipe"),
    "endless": (endless, "found a device"),
    "1 TB of nothing": (sparse, "more than 4,000,000 bytes"),
    "100 MB": (containing(b"cat\n" * 25_000_000), "more than 4,000,000 bytes"),
    "1,000,000 lines": (containing(b"c\n" * 1_000_000), "found 1,000,000"),
    "one long line": (containing(b"c" * 3_000_000), "found 3000000 characters"),
    "bytes": (containing(bytes(range(256)) * 99), OTHER_BYTES),
    "UTF-16": (containing("cat\ndog\n".encode("utf-16")), OTHER_BYTES),
    "half a character": (containing(b"\xed\xa0\x80\ndog\n"), OTHER_BYTES),
    "null bytes alone": (containing(b"\0" * 99), "found an empty file"),
    "null bytes between": (containing(b"cat\n\0\0\ndog\n"), "a blank one"),
    "escape sequences alone": (containing("cat\n\x1b\u202e\u2066\ndog\n".encode()), "a blank one"),
    "too few": (containing(b"cat\ndog\n"), "expected names for 3 classes"),
    "too many": (containing(b"\x1b[31ma\nb\nc\nd\n"), "expected names for 3 classes"),
    "empty": (containing(b""), "found an empty file"),
}
