"""Which words are told to stay, on the looks that tiny.en took at read speech while it went on (tests/data/speech/looks.json)."""

from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agents.room.text.agreement import Agreement

RECORDED = Path(__file__).parents[2] / "data" / "speech" / "looks.json"


class Utterance(msgspec.Struct):
    looks: list[str]
    final: str


def told() -> list[tuple[list[str], int, list[str]]]:
    """Of each look what is shown, how many words of it stay, and the final's words."""
    utterances = msgspec.json.decode(RECORDED.read_bytes(), type=list[Utterance])
    found = []
    for number, utterance in enumerate(utterances):
        agreement = Agreement()
        for look in utterance.looks:
            stable = agreement.stable_words(str(number), look)
            found.append((look.split(), stable, utterance.final.split()))
    return found


def test_words_told_to_stay_are_in_the_final_where_they_were() -> None:
    stable = [
        word == other
        for words, count, final in told()
        for word, other in zip(words[:count], final, strict=False)
    ]
    loose = [
        word == other
        for words, count, final in told()
        for word, other in zip(words[count:], final[count:], strict=False)
    ]
    assert sum(stable) / len(stable) > 0.94
    assert sum(loose) / len(loose) < 0.85


def test_most_words_on_the_screen_are_told_to_stay() -> None:
    assert sum(stable for _, stable, _ in told()) > 0.6 * sum(len(words) for words, _, _ in told())


def test_an_utterance_begins_with_nothing_agreed() -> None:
    agreement = Agreement()
    assert agreement.stable_words("a", "it was the") == 0
    assert agreement.stable_words("a", "it was the best") == 3
    assert agreement.stable_words("b", "it was the best") == 0


@given(st.lists(st.text(alphabet="ab ", max_size=12), max_size=8))
def test_no_more_is_told_to_stay_than_is_shown(looks: list[str]) -> None:
    agreement = Agreement()
    for look in looks:
        assert 0 <= agreement.stable_words("a", look) <= len(look.split())
