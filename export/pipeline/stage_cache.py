"""What the run before has made, and whether it still holds."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from export import manifest as manifests
from export.errors import ManifestError
from export.manifest import Manifest
from export.pipeline.cache_keys import key_of
from export.results import FileRecord, ParityResult
from export.target import Target


def read_earlier(out: Path) -> Manifest | None:
    """The manifest of the run before; None where there is none, or it isn't whole."""
    try:
        return None if manifests.manifest_damage(out) else manifests.read_manifest(out)
    except ManifestError:
        return None


class Ledger:
    """Compares what each stage reads with what it read in the run before.

    Attributes:
        keys: The keys of this run, by stage.
    """

    def __init__(self, out: Path, staged: Path, everywhere: Sequence[Any], earlier: Manifest | None) -> None:
        """Open the ledger of an output folder.

        Args:
            out: The output folder, with what the run before has left.
            staged: Where this run writes, and what it keeps is copied to.
            everywhere: What every stage reads.
            earlier: The manifest of the run before; None to go by none.
        """
        self._out, self._staged, self._everywhere = out, staged, everywhere
        self._earlier = earlier
        self.keys: dict[str, str] = {}

    def keep(self, stage: str, patterns: Sequence[str], read: Sequence[Any]) -> bool:
        """Keep what the run before has made in a stage, if it read the same and every file of it is whole.

        Args:
            stage: Its name.
            patterns: The files that come of it, as paths under the output folder; `*` stands for any text.
            read: All else that it reads, as `export.pipeline.cache_keys.key_of` takes it.

        Returns:
            Whether it is kept. Otherwise the stage is to be done.
        """
        self.keys[stage] = key_of([self._everywhere, read])
        if self._earlier is None or self._earlier.keys.get(stage) != self.keys[stage]:
            return False
        records = [
            record
            for record in self._earlier.records()
            if any(fnmatchcase(record.path, pattern) for pattern in patterns)
        ]
        if any(manifests.damage(self._out, record) for record in records):
            return False
        for record in records:
            self._copy(record)
        return True

    def entries(self, *names: str) -> dict[str, Any]:
        """Entries of the earlier manifest, where `keep` has kept the stage that they come from."""
        return {name: getattr(self._earlier, name) for name in names}

    def parity(self, target: Target) -> ParityResult:
        """The verdict on a target, where `keep` has kept it."""
        (entry,) = (entry for entry in self.entries("targets")["targets"] if entry["name"] == target.name)
        return manifests.read_parity(entry, target.budget)

    def _copy(self, record: FileRecord) -> None:
        copy = self._staged / record.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self._out / record.path, copy)
