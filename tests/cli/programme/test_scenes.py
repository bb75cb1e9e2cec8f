"""Which frame of the programme shows which change, from how white its frames are."""

import numpy as np
import pytest

from orchestrator.cli.programme.scenes import SCENE_STEP, SETTLE_FRAMES, changes, late_ms
from orchestrator.cli.programme.stage import NotInTime


def test_each_change_is_its_first_frame_however_long_it_takes_to_settle() -> None:
    rest = [1.0] * SETTLE_FRAMES
    white = np.array([0.01] * 20 + [0.7, 0.9] + rest + [0.02] * 15)
    assert changes(white, SCENE_STEP) == [20, 22 + SETTLE_FRAMES]


def test_strokes_add_up_and_letters_are_none() -> None:
    white = np.array([0.98] * 12 + [0.93] * 12 + [0.925] * 12 + [0.88] * 12)
    assert changes(white, 0.015) == [12, 36]
    assert changes(white[:12], 0.015) == []


def test_a_change_that_nobody_saw_is_no_measurement() -> None:
    assert late_ms([1.0, 2.0], [1.2, 2.25]) == pytest.approx([200.0, 250.0])
    with pytest.raises(NotInTime, match="1 of 2"):
        late_ms([1.0, 2.0], [1.2])
