"""A small cost is told from a machine that gets slower meanwhile."""

import pytest

from orchestrator.cli.programme.cost import TURNS, rise


def test_a_drift_is_no_cost() -> None:
    levels = [0.6 + 0.005 * number + 0.1 * (number % 2) for number in range(TURNS + 1)]
    assert rise(levels) == pytest.approx(0.1)
    assert rise([0.6 + 0.005 * number for number in range(TURNS + 1)]) == pytest.approx(0)
