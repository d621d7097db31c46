"""Random damage to good input: what changes it, and what runs the scripts that read it for some seconds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[3]
# Minutes of it find what seconds don't.
SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))


def mutated(content: bytes, random: np.random.Generator, words: tuple[bytes, ...] = ()) -> bytes:
    """The content with some bytes changed, a word put in, if there are any, or its end cut off."""
    changed = bytearray(content)
    for at in random.integers(len(changed), size=random.choice([1, 2, 4, 16])):
        changed[at] = random.choice([0, 255, 32, int(random.integers(256))])
    if words and random.random() < 0.5:
        at = int(random.integers(len(changed)))
        changed[at : at + int(random.integers(3))] = words[random.integers(len(words))]
    if random.random() < 0.1:
        del changed[random.integers(len(changed)) :]
    return bytes(changed)


def fuzzed(script: str, *arguments: object) -> dict[str, int]:
    """How many inputs came to which end, of a script here that takes the seconds as its last argument."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments), str(SECONDS)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    print(found)
    assert found["refused"] > 10
    return found
