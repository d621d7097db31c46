"""What the run before has made, and whether it still holds."""

import shutil
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from export import manifest as manifests
from export.errors import ManifestError
from export.manifest import Manifest
from export.parity.entries import read_parity
from export.parity.results import FileRecord, ParityResult
from export.pipeline.cache_keys import key_of
from export.target import Target


def read_earlier(out: Path) -> Manifest | None:
    """The manifest of the run before; None where there is none, or it isn't whole."""
    try:
        manifest, damage = manifests.read_sealed(out)
        manifests.demand_entries(out, manifest)
        return None if damage else manifest
    except ManifestError:
        return None


class StageCache:
    """Compares what each stage reads with what it read in the run before.

    Attributes:
        staged: Where this run writes, and what it reuses is copied to.
        keys: The keys of this run, by stage.
    """

    def __init__(self, out: Path, staged: Path, everywhere: Sequence[Any], earlier: Manifest | None) -> None:
        """Open the cache of an output folder.

        Args:
            out: The output folder, with what the run before has left.
            staged: See the attribute.
            everywhere: What every stage reads.
            earlier: The manifest of the run before; None to reuse nothing.
        """
        self._out, self.staged, self._everywhere, self._earlier = out, staged, everywhere, earlier
        self.keys: dict[str, str] = {}

    def reuse(self, stage: str, files: Sequence[str], read: Sequence[Any]) -> bool:
        """Reuse what the run before has made in a stage, if it read the same and every file of it is whole.

        Args:
            stage: Its name.
            files: The files that come of it, as paths under the output folder; `*` stands for any text.
            read: All else that it reads, as `export.pipeline.cache_keys.key_of` takes it.

        Returns:
            Whether its files were copied. Otherwise the stage is to be done.
        """
        self.keys[stage] = key_of([self._everywhere, read])
        if self._earlier is None or self._earlier.keys.get(stage) != self.keys[stage]:
            return False
        records = [
            record
            for record in self._earlier.records()
            if any(fnmatchcase(record.path, pattern) for pattern in files)
        ]
        if self._copied(records):
            return True
        for record in records:
            (self.staged / record.path).unlink(missing_ok=True)
        return False

    def forget(self, stage: str) -> None:
        """Leave no key of a stage that came to nothing, so that no later run takes it for done."""
        del self.keys[stage]

    def _copied(self, records: Sequence[FileRecord]) -> bool:
        """Copy files into the staging folder; tell whether the copies are those of the records."""
        for record in records:
            copy = self.staged / record.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(self._out / record.path, copy)
            except OSError:  # it is missing, or no file
                return False
            if record.damage(self.staged):
                return False
        return True

    @property
    def had_kits(self) -> bool:
        """Whether the run before has left kits."""
        return bool(self._earlier and self._earlier.kits)

    def entries(self, *names: str) -> dict[str, Any]:
        """Entries of the earlier manifest, where `reuse` has allowed the stage that they come from."""
        return {name: getattr(self._earlier, name) for name in names}

    def verdict(self, target: Target) -> ParityResult:
        """The verdict on a target, where `reuse` has allowed it."""
        (entry,) = (entry for entry in self.entries("targets")["targets"] if entry["name"] == target.name)
        return read_parity(entry)
