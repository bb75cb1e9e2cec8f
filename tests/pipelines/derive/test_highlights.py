import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipelines.derive.highlights import APART_MS, MAX_HIGHLIGHTS, highlights
from tests.pipelines.builders import said

TALK = [
    said(0, 8_000, "Today we go on from where we were the last time."),
    said(20_000, 28_000, "Photosynthesis turns carbon dioxide, water and sunlight into sugar."),
    said(40_000, 44_000, "Why does the leaf look green to us?", name="Ben"),
    said(46_000, 55_000, "Chlorophyll absorbs red and blue light, and it reflects the green."),
]


def test_a_question_with_an_answer_comes_first_and_says_who_answers() -> None:
    made = highlights(TALK)
    question = next(h for h in made if h.title.startswith("Why"))
    assert "a question, then Ada speaks" in question.reason.lower().replace("ada", "Ada")
    assert (question.start_ms, question.end_ms) == (40_000, 44_000)


def test_small_talk_is_no_highlight() -> None:
    assert "Today we go on" not in " ".join(h.title for h in highlights(TALK))


def test_reasons_name_what_was_seen() -> None:
    reasons = {h.title.split()[0]: h.reason for h in highlights(TALK)}
    assert "rich in content" in reasons["Photosynthesis"].lower()


def test_silence_has_no_highlights() -> None:
    assert highlights([]) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60_000),
            st.text("abcde ?.", min_size=1, max_size=200),
            st.sampled_from(["Ada", "Ben"]),
        ),
        max_size=60,
    )
)
def test_highlights_are_few_apart_and_in_order(parts: list[tuple[int, str, str]]) -> None:
    transcript, at = [], 0
    for gap, text, name in parts:
        at += gap
        transcript.append(said(at, at + 4_000, text, name))
    made = highlights(transcript)
    starts = [h.start_ms for h in made]
    assert len(made) <= MAX_HIGHLIGHTS
    assert all(b - a >= APART_MS for a, b in itertools.pairwise(starts))
    assert all(h.reason.endswith(".") and len(h.title) <= 80 for h in made)
