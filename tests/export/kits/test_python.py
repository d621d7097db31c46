"""The Python kit, by a Python that knows nothing of this project."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.export.kits.conftest import KITS, NASTY_LABELS


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-E", "-s", "-B", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.integration
@pytest.mark.parametrize("fixture", KITS)
def test_the_self_test_passes_and_leaves_nothing(fixture: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(fixture)("python")
    before = files(folder)
    done = run(folder, "selftest.py")
    assert done.returncode == 0, done.stderr
    described = json.loads((folder / "golden/golden.json").read_bytes())
    assert done.stdout.count("the same bytes") == len(described["variants"]) > 0
    assert files(folder) == before


@pytest.mark.parametrize("damaged", ["golden/int8.bin", "golden/images.bin", "golden/examples.bin"])
def test_the_self_test_finds_a_difference(
    kit_of: Callable[[str], Path], damaged: str, tmp_path: Path
) -> None:
    for name, content in files(kit_of("python")).items():
        copy = tmp_path / Path(name).relative_to(kit_of("python"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    changed = bytearray((tmp_path / damaged).read_bytes())
    changed[-1] ^= 0x40
    (tmp_path / damaged).write_bytes(changed)
    done = run(tmp_path, "selftest.py")
    assert done.returncode == 1
    assert "expected the golden files' results" in done.stderr


def test_it_names_what_it_sees(colour_kit_of: Callable[[str], Path]) -> None:
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from classifier import Classifier, LABELS; import numpy as np, json\n"
        "picture = np.full((40, 30, 3), (40, 170, 40), np.uint8)\n"
        "print(json.dumps([LABELS, *Classifier().classify(picture)]))"
    )
    done = run(colour_kit_of("python"), "-c", program)
    labels, label, probability = json.loads(done.stdout)
    assert tuple(labels) == NASTY_LABELS
    assert label == NASTY_LABELS[1]
    assert 0.9 < probability <= 1


def test_values_are_given_by_name(values_kit_of: Callable[[str], Path]) -> None:
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from classifier import Classifier; import numpy as np, json\n"
        "print(json.dumps(Classifier().classify(np.full((12, 16, 3), (120, 60, 9), np.uint8))))"
    )
    found = json.loads(run(values_kit_of("python"), "-c", program).stdout)
    assert list(found) == list(NASTY_LABELS[:2])
    np.testing.assert_allclose(list(found.values()), [120, 60], atol=25)


def test_its_files_say_which_model_they_are_for(kit_of: Callable[[str], Path]) -> None:
    described = json.loads((kit_of("python") / "golden/golden.json").read_bytes())
    digests = {variant["sha256"] for variant in described["variants"]}
    for name in ("classifier.py", "preprocess.py", "selftest.py", "requirements.txt", "README.md"):
        assert set(re.findall(r"[0-9a-f]{64}", (kit_of("python") / name).read_text())) == digests
