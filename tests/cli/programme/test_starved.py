"""How evenly pictures are left out on a machine that is too slow."""

import numpy as np
import pytest

from orchestrator.cli.programme.starved import CALM_S, EVEN, fps, spread, while_starved

FRAME_S = 1 / 30


def test_every_second_picture_is_even() -> None:
    shown = while_starved(np.arange(900) * 2 * FRAME_S)
    assert shown[0] == pytest.approx(CALM_S + 5, abs=2 * FRAME_S)
    assert fps(shown) == pytest.approx(15, abs=0.2)
    assert spread(shown) == pytest.approx(1)


def test_bursts_with_holes_between_are_not() -> None:
    bursts = np.concatenate([number + np.arange(10) * FRAME_S for number in range(30)])
    shown = while_starved(bursts)
    assert fps(shown) == pytest.approx(10)
    assert spread(shown) > EVEN
