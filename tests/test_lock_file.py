"""The lock files of the Python dependencies: complete, hashed, without a host, alike but for TensorFlow."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK, LOCK_CPU = (
    (ROOT / ".ci" / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-cpu.txt")
)
both_locks = pytest.mark.parametrize("lock", [LOCK, LOCK_CPU], ids=["all", "cpu"])


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@both_locks
def test_every_line_is_pinned_and_hashed(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


@both_locks
def test_it_names_no_host_and_is_small(lock: str) -> None:
    assert "://" not in lock
    assert "index-url" not in lock
    assert len(lock) < 300_000


def test_every_dependency_is_in_it_in_the_version_asked_for() -> None:
    text = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = text["project"]
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\\n]+)", LOCK, flags=re.MULTILINE))
    extras = project["optional-dependencies"]
    own = f"{project['name']}[browser,kits]"
    assert own in extras["test"]
    groups = text["dependency-groups"]
    asked = [
        *project["dependencies"],
        *extras["test"],
        *extras["kits"],
        *extras["browser"],
        *groups["converter"],
    ]
    for requirement in [one for one in asked if one != own]:
        name, exact = re.fullmatch(r"([\w.-]+)(?:==([\w.]+))?.*", requirement).groups()  # type: ignore[union-attr]
        assert normalized(name) in locked, requirement
        assert exact in (None, locked[normalized(name)]), requirement


def test_what_the_converter_asks_for_and_nobody_uses_is_left_out() -> None:
    assert not re.findall(r"^(?:tensorflow-decision-forests|ydf|jaxlib|jax|flax)==", LOCK + LOCK_CPU, re.M)


def test_the_smaller_one_differs_in_tensorflow_alone() -> None:
    def without(lock: str, package: str) -> set[str]:
        return {entry for entry in re.split(r"\n(?=[a-z0-9])", lock.strip()) if not entry.startswith(package)}

    assert without(LOCK, "tensorflow==") == without(LOCK_CPU, "tensorflow-cpu==")
