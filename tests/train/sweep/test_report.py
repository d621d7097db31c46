"""The table and the picture at the end of a sweep."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from train.settings import OPTIMIZERS, preset
from train.sweep.report import print_trials, scatter


def trial(number, accuracy):
    from train.sweep.tuner import Score, Trial

    settings = replace(preset("default", "mlp"), optimizer=OPTIMIZERS[number % len(OPTIMIZERS)])
    return Trial(number, settings, Score(accuracy, 8070 * number, 1.5))


@pytest.mark.parametrize("accuracies", [[1.0, 0.0], [0.5], [0.999, 0.991, 0.1], [0.0, 0.0]])
def test_picture_has_a_point_for_each_trial(accuracies):
    trials = [trial(number, accuracy) for number, accuracy in enumerate(accuracies, 1)]
    picture = scatter(trials)
    ElementTree.fromstring(picture)
    # In both panels, and the ring.
    points = picture.split('id="axes_2"')[0].count("<use ")
    assert points >= len(trials) + 1
    assert all(optimizer in picture for optimizer in OPTIMIZERS)
    assert picture == scatter(trials)


def test_table_has_a_line_for_each_trial(capsys):
    print_trials([trial(1, 0.98765), trial(12, 0.5)])
    head, _, *lines = (line.split() for line in capsys.readouterr().out.splitlines())
    assert head[:4] == ["trial", "accuracy", "parameters", "seconds"]
    assert lines[0][:4] == ["1", "98.77%", "8,070", "1.5"]
    assert lines[1][:3] == ["12", "50.00%", "96,840"]
