"""The canvas: lines as wide as asked for, where asked for, with round ends and soft edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from train.drawing.canvas import render


def stroke(*points):
    return np.array(points, float)


def ink(picture):
    """Inked area, in pixels."""
    return picture.sum(dtype=float) / 255


def test_no_strokes_leave_the_paper_bare():
    assert not render([], 30, 4.0).any()
    assert not render([np.empty((0, 2))], 30, 4.0).any()


def test_one_point_is_a_disc():
    picture = render([stroke((20.0, 12.0))], 40, 10.0)
    assert ink(picture) == pytest.approx(np.pi * 25, rel=0.03)
    rows, columns = np.nonzero(picture > 127)
    assert (rows.mean() + 0.5, columns.mean() + 0.5) == pytest.approx((12.0, 20.0), abs=0.1)


def test_line_is_as_wide_as_asked_for_and_has_round_caps():
    picture = render([stroke((20.0, 50.0), (80.0, 50.0))], 100, 10.0)
    assert ink(picture[:, 50:51]) == pytest.approx(10.0, abs=0.3)
    assert ink(picture) == pytest.approx(60 * 10 + np.pi * 25, rel=0.02)
    assert picture[50, 16] == 255  # within the cap
    assert picture[46, 15] == 0  # a square cap would have its corner here


def test_slanting_line_has_the_same_width():
    picture = render([stroke((20.0, 20.0), (80.0, 80.0))], 100, 8.0)
    assert ink(picture) == pytest.approx(60 * np.sqrt(2) * 8 + np.pi * 16, rel=0.03)


def test_join_is_round():
    picture = render([stroke((20.0, 80.0), (50.0, 30.0), (80.0, 80.0))], 100, 16.0)
    assert picture[23, 49] == 255  # a bevel ends below it
    assert picture[:21].max() == 0  # a mitre goes on above it


def test_edges_are_soft():
    levels = np.unique(render([stroke((10.0, 12.0), (50.0, 31.0))], 64, 6.0))
    assert len(levels) > 8
    assert levels[0] == 0
    assert levels[-1] == 255


def test_x_goes_right_and_y_goes_down():
    picture = render([stroke((30.0, 5.0))], 40, 4.0)
    assert picture[5, 30] == 255
    assert picture[30, 5] == 0


def test_crossing_strokes_add_no_ink_where_they_cross():
    across, down = stroke((5.0, 20.0), (35.0, 20.0)), stroke((20.0, 5.0), (20.0, 35.0))
    both = render([across, down], 40, 6.0)
    apart = ink(render([across], 40, 6.0)) + ink(render([down], 40, 6.0))
    assert ink(both) == pytest.approx(apart - 6 * 6, abs=1)


@pytest.mark.parametrize(("size", "width"), [(0, 4.0), (-3, 4.0), (20, 0.0), (20, -1.0), (20, float("nan"))])
def test_impossible_sizes_are_refused(size, width):
    with pytest.raises(ValueError, match="expected"):
        render([stroke((1.0, 1.0))], size, width)


@settings(deadline=None)  # a busy machine is no defect
@given(
    points=arrays.arrays(float, st.tuples(st.integers(1, 6), st.just(2)), elements=st.floats(-50, 100)),
    width=st.floats(0.1, 40),
)
def test_ink_stays_within_half_a_line_of_the_stroke(points, width):
    size = 48
    rows, columns = np.nonzero(render([points], size, width))
    reach = width / 2 + 1.0
    for found, wanted in ((columns, points[:, 0]), (rows, points[:, 1])):
        assert (found + 1 >= wanted.min() - reach).all()
        assert (found <= wanted.max() + reach).all()
