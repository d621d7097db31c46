"""The lock file of the Python dependencies: complete, hashed, and without a host."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8")


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_line_is_pinned_and_hashed() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", LOCK, flags=re.MULTILINE).strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==[^ ]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_it_names_no_host_and_is_small() -> None:
    assert "://" not in LOCK
    assert "index-url" not in LOCK
    assert len(LOCK) < 300_000


def test_every_dependency_is_in_it_in_the_version_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\\n]+)", LOCK, flags=re.MULTILINE))
    extras = project["optional-dependencies"]
    own = f"{project['name']}[kits]"
    assert own in extras["test"]
    asked = [*project["dependencies"], *extras["test"], *extras["kits"]]
    for requirement in [one for one in asked if one != own]:
        name, exact = re.fullmatch(r"([\w.-]+)(?:==([\w.]+))?.*", requirement).groups()  # type: ignore[union-attr]
        assert normalized(name) in locked, requirement
        assert exact in (None, locked[normalized(name)]), requirement
