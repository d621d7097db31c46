"""Every form of inputs, outputs, scales and data in which people have their models."""

from pathlib import Path

import pytest

from tests.zoo.inputs import INPUTS
from tests.zoo.outputs import OUTPUTS
from tests.zoo.scales import DATA, SCALES
from tests.zoo.zoo import Case, check, every_case


@pytest.mark.parametrize("case", every_case(INPUTS, OUTPUTS, SCALES, DATA))
def test_every_target_passes_or_is_refused_beforehand(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
