"""When captions stand in the picture."""

from pipelines.film.cues import Captions, cues
from tests.pipelines.builders import said


def fit(text: str) -> list[str]:
    """Two words a line."""
    words = text.split()
    return [" ".join(words[n : n + 2]) for n in range(0, len(words), 2)]


def test_a_caption_begins_and_ends_with_its_words() -> None:
    captions = Captions([said(1_000, 3_000, "Yes.")], fit)
    assert captions.at(999) == ()
    assert captions.at(1_000) == captions.at(2_999.9) == ("Ada: Yes.",)
    assert captions.at(3_000) == ()


def test_a_long_sentence_is_shown_two_lines_at_a_time_without_a_pause() -> None:
    pages = list(cues([said(0, 8_000, "aaa bbbb cccc dddd eeee ffff ggg")], fit))
    assert [page.text for page in pages] == ["Ada: aaa bbbb cccc", "dddd eeee ffff ggg"]
    assert (pages[0].start_ms, pages[-1].end_ms) == (0, 8_000)
    assert pages[0].end_ms == pages[1].start_ms == 4_000


def test_a_name_is_said_again_only_when_another_speaks() -> None:
    spoken = [
        said(0, 1_000, "One."),
        said(2_000, 3_000, "Two."),
        said(4_000, 5_000, "Three.", "Ben"),
        said(6_000, 7_000, "Four."),
    ]
    shown = [page.text for page in cues(spoken, fit)]
    assert shown == ["Ada: One.", "Two.", "Ben: Three.", "Ada: Four."]


def test_two_who_speak_at_once_are_both_shown() -> None:
    captions = Captions([said(0, 4_000, "Why?"), said(2_000, 6_000, "Because.", "Ben")], fit)
    assert captions.at(1_000) == ("Ada: Why?",)
    assert captions.at(3_000) == ("Ada: Why?", "Ben: Because.")
    assert captions.at(5_000) == ("Ben: Because.",)


def test_a_segment_without_words_shows_nothing() -> None:
    assert Captions([said(0, 1_000, " ")], lambda _: []).at(500) == ()
    assert Captions([], fit).at(0) == ()
