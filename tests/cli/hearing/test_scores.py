"""The bench's own arithmetic: latencies, errors and rewritten words from captions as a reader got them."""

import pytest

from orchestrator.cli.hearing.scores import Spoken, errors, heard, latencies, plain, rewritten
from orchestrator.cli.hearing.stage import Caption

SAID = [
    Spoken(word, n, n + 0.5) for n, word in enumerate(["It", "was", "the", "best", "of", "times"])
]


def shown(at_s: float, text: str, *, final: bool = False, segment: str = "SG_TR_1_1000") -> Caption:
    return Caption("ada", segment, text, final, at_s)


GROWING = [
    shown(1.0, "It"),
    shown(2.0, "It was a"),
    shown(4.5, "It was the best"),
    shown(6.5, "It was the best of times.", final=True),
]


def test_the_first_caption_counts_from_the_first_word_and_the_final_from_the_last() -> None:
    found = latencies(SAID, GROWING)
    assert (found.firsts, found.finals) == ([1.0], [1.0])


def test_a_word_counts_from_its_end_to_the_caption_that_first_has_it() -> None:
    assert latencies(SAID, GROWING).words == [0.5, 0.5, 2.0, 1.0, 2.0, 1.0]


def test_utterances_are_matched_in_the_order_of_speech_however_they_came() -> None:
    later = shown(6.0, "of times", final=True, segment="SG_TR_1_5000")
    first = shown(9.0, "It was the best", final=True)
    found = latencies(SAID, [later, first])
    assert sorted(found.finals) == [0.5, 5.5]
    assert heard([later, first]) == plain("it was the best of times")


def test_what_is_said_twice_is_not_taken_for_heard_late() -> None:
    again = [Spoken(one.text, one.start_s + 30, one.end_s + 30) for one in SAID]
    misheard = shown(6.5, "It was the best of rhymes.", final=True)
    right = shown(36.5, "It was the best of times.", final=True, segment="SG_TR_1_30200")
    found = latencies([*SAID, *again], [misheard, right])
    assert (found.firsts, found.finals) == ([6.5, 6.5], [1.0])


def test_what_was_not_said_has_no_latency() -> None:
    found = latencies(SAID, [shown(3.0, "Thank you", final=True)])
    assert found.firsts == found.words == found.finals == []


def test_words_that_change_or_vanish_are_rewritten() -> None:
    assert rewritten(GROWING) == 1
    assert rewritten([shown(1, "it was the"), shown(2, "it is the"), shown(3, "", final=True)]) == 5


@pytest.mark.parametrize(
    ("said", "found", "count"),
    [("a b c", "a b c", 0), ("a b c", "a c", 1), ("a b", "a x b", 1), ("a b", "", 2)],
)
def test_errors_are_edits(said: str, found: str, count: int) -> None:
    assert errors(said.split(), found.split()) == count
