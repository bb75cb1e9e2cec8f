"""Loops are cut, invented text is refused, and what people really say passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.asr.engines.guards import LONGEST_LOOP_WORDS, before_loop, is_invented, token_limit
from tests.support.words import spoken_text

words = st.lists(st.sampled_from(["so", "it", "was", "the", "best"]), max_size=20)


def cut(text: str) -> str:
    parts = text.split()
    return " ".join(parts[: before_loop(parts)])


def test_a_loop_is_cut_after_its_first_round_even_if_its_last_is_torn() -> None:
    loop = "Thank you for watching. " * 6 + "Thank you"
    assert cut("We begin now. " + loop) == "We begin now. Thank you for watching."
    assert cut("so " * 30) == "so"


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no, I meant the other one.",
        "It is far, far better",
        "very very very very good",
        "Row, row, row your boat",
        "",
        "yes",
    ],
)
def test_people_may_repeat_themselves(text: str) -> None:
    assert cut(text) == text


def test_a_loop_inside_of_a_word_is_invented() -> None:
    """As base hears white noise, and tiny.en "ill-disposed" in a window too short for it."""
    said = "Eins, zwei, drei: 1,000,000 Mississippi, a matter-of-fact so-and-so."
    for loop in ("1,5,5,5,5,5,5,5,5,5,5,5,5", "He was not an old-s-s-y-y-y-y"):
        assert is_invented(loop, 5.0, mean_logprob=-0.3, no_speech_probability=0.1)
    assert not is_invented(said, 5.0, mean_logprob=-0.3, no_speech_probability=0.1)


def test_a_speech_full_of_parallels_is_no_loop() -> None:
    text = spoken_text("two_cities")
    assert cut(text) == text
    parts = text.split()
    # The longest utterance is 14 s.
    for start in range(len(parts) - 40):
        utterance = " ".join(parts[start : start + 40])
        assert not is_invented(utterance, 14.0, mean_logprob=-0.2, no_speech_probability=0.01)


@given(words, st.lists(st.integers(0, 99), min_size=1, max_size=LONGEST_LOOP_WORDS, unique=True))
def test_any_long_loop_is_cut_and_nothing_before_it_is_lost(
    before: list[str], numbers: list[int]
) -> None:
    phrase = [f"word{number}" for number in numbers]
    kept = before_loop([*before, *phrase * 6])
    assert kept == len(before) + len(phrase)


@given(words)
def test_cutting_again_cuts_no_more_of_a_loop(parts: list[str]) -> None:
    kept = parts[: before_loop(parts)]
    assert parts[: len(kept)] == kept
    assert len(kept) <= len(parts)


@pytest.mark.parametrize(
    ("text", "logprob", "no_speech"),
    [
        ("you know what I mean, you know what I mean, " * 5, -0.3, 0.1),
        ("Thank you.", -0.84, 0.69),
        ("Subtitles by the community", -1.6, 0.1),
        ("one two three four five six seven eight nine ten eleven twelve thirteen", -0.3, 0.1),
        (" ... ", -0.1, 0.0),
    ],
)
def test_invented_text_is_refused(text: str, logprob: float, no_speech: float) -> None:
    assert is_invented(text, 2.0, logprob, no_speech)


def test_a_short_answer_is_believed() -> None:
    assert not is_invented("Yes.", 0.4, mean_logprob=-0.5, no_speech_probability=0.3)


def test_one_word_of_doubtful_sound_is_invented() -> None:
    """As tiny.en hears a horn in recorded music."""
    assert is_invented("Boom.", 0.9, mean_logprob=-0.76, no_speech_probability=0.46)
    assert not is_invented("Boom goes it.", 0.9, mean_logprob=-0.76, no_speech_probability=0.46)


def test_the_token_limit_leaves_room_for_the_fastest_speaker() -> None:
    # 5 words a second of 1.4 tokens each, for 14 s.
    assert token_limit(14.0) > 14 * 5 * 1.4
