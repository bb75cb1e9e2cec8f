"""The careful pass laid over live captions, in every order and overlap."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipelines.transcript.merge import bettered
from schema.events import CaptionFinalized, Word
from schema.heard import Utterance
from tests.pipelines.builders import ORIGIN, caption, person


def heard(name: str, start_ms: int, *texts: str, each_ms: int = 300) -> Utterance:
    begin = ORIGIN + start_ms
    words = [
        Word(start_unix_ms=begin + n * each_ms, end_unix_ms=begin + (n + 1) * each_ms, text=text)
        for n, text in enumerate(texts)
    ]
    return Utterance(
        recording_id=UUID(int=1), participant_id=person(name), language="en", words=words
    )


def texts(captions: list[CaptionFinalized]) -> list[str]:
    return [c.text for c in sorted(captions, key=lambda c: c.start_unix_ms)]


def test_a_cue_takes_the_words_that_were_heard_in_it_and_keeps_its_id() -> None:
    live = [caption(1, "Ada", 0, 1_000, "a sell has"), caption(2, "Ada", 1_100, 2_000, "a war")]
    made = bettered(live, frozenset(), [heard("Ada", 50, "A", "cell", "has", "a", "wall.")])
    assert {c.segment_id: c.text for c in made} == {"SG_1": "A cell has", "SG_2": "a wall."}


def test_what_a_person_wrote_always_wins() -> None:
    live = [caption(1, "Ada", 0, 1_500, "Written by hand.")]
    made = bettered(live, frozenset({"SG_1"}), [heard("Ada", 0, "something", "else", "here")])
    assert texts(made) == ["Written by hand."]


def test_too_few_words_are_no_better() -> None:
    live = [caption(1, "Ada", 0, 3_000, "six words that live captions had")]
    made = bettered(live, frozenset(), [heard("Ada", 0, "six", "words")])
    assert texts(made) == ["six words that live captions had"]


def test_what_no_cue_covers_becomes_cues_of_its_own_that_end_with_sentences() -> None:
    made = bettered([], frozenset(), [heard("Ada", 0, "One.", "Two", "three.", "Four")])
    assert texts(made) == ["One.", "Two three.", "Four"]
    again = bettered([], frozenset(), [heard("Ada", 0, "One.", "Two", "three.", "Four")])
    assert {c.segment_id for c in made} == {c.segment_id for c in again}
    assert len({c.segment_id for c in made}) == 3


def test_a_corrected_cue_of_the_careful_pass_stays_and_takes_nothing_from_its_neighbours() -> None:
    careful = [heard("Ada", 0, "One.", "Two", "three.", "Four")]
    first = next(c for c in bettered([], frozenset(), careful) if c.text == "One.")
    mended = replace(first, text="Won!", words=[])
    made = bettered([mended], frozenset({mended.segment_id}), careful)
    assert texts(made) == ["Won!", "Two three.", "Four"]
    # Another model parts the same words elsewhere.
    other = [heard("Ada", 40, "One", "Two", "three.", "Four")]
    made = bettered([mended], frozenset({mended.segment_id}), other)
    assert texts(made) == ["Won!", "Two three.", "Four"]


def test_a_corrected_cue_that_began_before_the_programme_is_there_once() -> None:
    careful = [heard("Ada", -900, "One", "two.", "Three.")]
    first = next(c for c in bettered([], frozenset(), careful) if c.text == "One two.")
    cut = replace(first, text="Won.", words=[], start_unix_ms=ORIGIN, end_unix_ms=ORIGIN + 1)
    made = bettered([cut], frozenset({cut.segment_id}), careful)
    assert sorted(c.text for c in made) == ["Three.", "Won."]


def test_nobody_gets_somebody_elses_words() -> None:
    live = [caption(1, "Ada", 0, 1_000, "Ada speaks"), caption(2, "Ben", 0, 1_000, "Ben too")]
    made = bettered(live, frozenset(), [heard("Ben", 0, "Ben", "speaks", "too")])
    assert {c.participant_id: c.text for c in made} == {
        person("Ada"): "Ada speaks",
        person("Ben"): "Ben speaks too",
    }


@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(200, 5_000)), max_size=12),
    st.lists(st.integers(0, 60_000), max_size=30, unique=True),
)
def test_no_careful_word_is_lost_or_doubled(
    cues: list[tuple[int, int]], words_ms: list[int]
) -> None:
    live = [caption(n, "Ada", at, at + long, "x") for n, (at, long) in enumerate(cues)]
    careful = [heard("Ada", at, f"w{at}") for at in sorted(words_ms)]
    made = bettered(live, frozenset(), careful)
    found = sorted(word for c in made for word in c.text.split() if word != "x")
    assert found == sorted(f"w{at}" for at in words_ms)
