"""Every layer, topology, precision and old file that people have."""

from pathlib import Path

import pytest

from tests.zoo.layers import LAYERS
from tests.zoo.mobile import MOBILE
from tests.zoo.old_files import OLD_FILES
from tests.zoo.topologies import PRECISIONS, TOPOLOGIES
from tests.zoo.zoo import Case, check, every_case


@pytest.mark.parametrize("case", every_case(LAYERS, TOPOLOGIES, PRECISIONS, OLD_FILES, MOBILE))
def test_every_target_passes_or_is_refused_beforehand(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
