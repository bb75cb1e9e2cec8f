"""Word error rate by hand-counted examples and by what any edit distance must keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.probe.words import edits, word_error_rate, words

TEXT = st.lists(st.sampled_from("abcd"), max_size=8)


@pytest.mark.parametrize(
    ("reference", "heard", "rate"),
    [
        ("the best of times", "The best of times.", 0),
        ("mister john dashwood", "Mr. John Dashwood", 0),
        ("an ill disposed man", "an ill-disposed man", 0),
        ("he was not", "he was", 1 / 3),
        ("he was not", "he never was not", 1 / 3),
        ("he was not", "she is too", 1),
        ("we had nothing", "", 1),
    ],
)
def test_counts_by_hand(reference: str, heard: str, rate: float) -> None:
    assert word_error_rate(reference, heard) == pytest.approx(rate)


def test_without_a_reference_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="no words"):
        word_error_rate(" - ", "anything")


def test_apostrophes_stay_inside_words() -> None:
    assert words("Don\u2019t! It's") == ["don't", "it's"]


@given(TEXT, TEXT, TEXT)
def test_is_a_distance(a: list[str], b: list[str], c: list[str]) -> None:
    assert (edits(a, b) == 0) == (a == b)
    assert edits(a, b) == edits(b, a)
    assert edits(a, c) <= edits(a, b) + edits(b, c)
    assert abs(len(a) - len(b)) <= edits(a, b) <= max(len(a), len(b))
