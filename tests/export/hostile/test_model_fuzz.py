"""Model files with bytes changed at random: a clean load or a ModelError, whatever the bytes."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from export.errors import ModelError
from tests.export.hostile.fuzzing import fuzzed
from train.console.quiet import import_tensorflow, quiet
from train.model_file.load import check_file
from train.model_file.model_file import load_model

pytestmark = pytest.mark.integration

LOADED = 8


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_any_damage_is_a_clean_load_or_a_model_error(suffix: str, tmp_path: Path) -> None:
    import_tensorflow()
    import keras

    good = tmp_path / f"good{suffix}"
    layers = [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    with quiet():
        keras.Sequential(layers).save(good)
    kept = tmp_path / "kept"
    kept.mkdir()
    fuzzed("fuzz_model_file.py", good, kept)
    for path in sorted(kept.iterdir())[:LOADED]:
        with contextlib.suppress(ModelError):
            load_model(path)


def test_a_crash_of_the_judging_process_is_a_model_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.h5"
    path.write_bytes(b"x")
    real = subprocess.run
    dying = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]
    monkeypatch.setattr(subprocess, "run", lambda _, **options: real(dying, **options))
    with pytest.raises(ModelError, match=r"status -11") as caught:
        check_file(path)
    assert "\n" not in str(caught.value)
