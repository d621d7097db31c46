"""C's self-test on a 64-bit ARM: cross-compiled, with the library of the aarch64 wheel, in an emulator."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from export.kits._kit import ALL
from export.kits._read import read_kit_model
from export.manifest import read_manifest
from tests.export.kits.c.programs import LANGUAGES, demand_tools, make_test
from train.data.dataset import Dataset

pytestmark = pytest.mark.slow

COMPILER, EMULATOR = "aarch64-linux-gnu-gcc", "qemu-aarch64-static"
LIBRARIES = Path("/usr/aarch64-linux-gnu/lib")
# Without it the library asks a processor that isn't there, and qemu 7.2 crashes.
CORTEX_A76 = """processor\t: 0
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0b
CPU revision\t: 1

"""
FEW = 3
# Largest differences of a probability that were seen, rounded up: an 8-bit output may be off by a level.
MOST = {
    "integer-only": 1 / 256,
    "int8": 1 / 256,
    "float32": 1e-6,
    "float16": 1e-6,
    "dynamic": 5e-4,
    "int16x8": 5e-4,
}


@pytest.fixture(scope="module")
def arm_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LiteRT's library for ARM, alone in its folder."""
    folder = tmp_path_factory.mktemp("aarch64")
    wanted = f"ai-edge-litert=={version('ai-edge-litert')}"
    platform = ["--platform", "manylinux_2_27_aarch64", "--only-binary", ":all:", "--no-deps"]
    command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder), *platform, wanted]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("no wheel for aarch64: pip could not download it")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return Path(packed.extract("ai_edge_litert/libLiteRt.so", folder))


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> str:
    """How to start a program for ARM."""
    root = tmp_path_factory.mktemp("root")
    (root / "lib").symlink_to(LIBRARIES)
    (root / "proc").mkdir()
    (root / "proc" / "cpuinfo").write_text(CORTEX_A76)
    return f"{EMULATOR} -cpu cortex-a76 -L {root}"


def test_an_arm_processor_gives_nearly_the_same_numbers(
    built: Path, pen_digits: Dataset, arm_library: Path, emulator: str, tmp_path: Path
) -> None:
    demand_tools("make", COMPILER, EMULATOR)
    model = read_kit_model(built, read_manifest(built), pen_digits.test).only(ALL)
    kit = LANGUAGES["c"].write(model, tmp_path)
    arm = [f"CC={COMPILER}", f"LITERT_LIB={arm_library}", f"RUN={emulator}"]
    for name, most in MOST.items():
        few = "" if name == "integer-only" else f"--pictures {FEW}"
        run = make_test(kit, *arm, f"ARGS=--differences {few} {name}.tflite")
        assert run.returncode == 0, run.stderr
        print(run.stdout.splitlines()[0])  # with -s
        found = re.match(rf"{name}\.tflite: (\d+) pictures, .*, largest difference (\S+)\n", run.stdout)
        assert found, run.stdout
        assert int(found[1]) == (FEW if few else len(model.images))
        assert float(found[2]) <= most
        assert f"preprocessing: {len(model.examples)} examples within one grey level" in run.stdout
