from hypothesis import given
from hypothesis import strategies as st

from pipelines.derive.chapters import MIN_CHAPTER_MS, chapters
from schema.recordings import TranscriptSegment
from tests.pipelines.builders import said

CELLS = [
    "The cell membrane lets water into the cell.",
    "Inside the cell the nucleus keeps the genes.",
    "A plant cell has a wall around the membrane.",
    "Every cell in the plant divides.",
    "The nucleus copies its genes before the cell divides.",
]
PLANETS = [
    "Jupiter is the largest planet in the solar system.",
    "The planet Mars has two small moons.",
    "A moon goes around its planet in an orbit.",
    "Every planet in the solar system has an orbit around the sun.",
    "The orbit of Mars is not a circle.",
]


def lecture(*topics: list[str], each_ms: int = 15_000) -> list[TranscriptSegment]:
    lines = [line for topic in topics for line in topic]
    return [said(n * each_ms, n * each_ms + 12_000, line) for n, line in enumerate(lines)]


def test_a_change_of_subject_starts_a_chapter_named_after_it() -> None:
    made = chapters(lecture(CELLS, PLANETS), 150_000, "Science")
    assert [chapter.start_ms for chapter in made] == [0, 75_000]
    assert "cell" in made[0].title.lower()
    assert "planet" in made[1].title.lower() or "orbit" in made[1].title.lower()


def test_one_subject_is_one_chapter_with_the_title_of_the_class() -> None:
    (only,) = chapters(lecture(CELLS)[:3], 60_000, "Biology")
    assert (only.start_ms, only.end_ms, only.title) == (0, 60_000, "Biology")


def test_a_silent_class_is_one_chapter_with_its_title() -> None:
    (only,) = chapters([], 60_000, "Silence")
    assert (only.start_ms, only.end_ms, only.title) == (0, 60_000, "Silence")


def test_nothing_recorded_and_nothing_said_has_no_chapters() -> None:
    assert chapters([], 0, "Nothing") == []


@given(
    st.lists(st.tuples(st.integers(0, 90_000), st.sampled_from(CELLS + PLANETS)), max_size=40),
    st.integers(0, 3_600_000),
)
def test_chapters_cover_the_class_without_gaps(
    gaps: list[tuple[int, str]], duration_ms: int
) -> None:
    transcript, at = [], 0
    for gap, text in gaps:
        at += gap
        transcript.append(said(at, at + 5_000, text))
        at += 5_000
    made = chapters(transcript, duration_ms, "Title")
    end = max(duration_ms, at)
    assert [chapter.start_ms for chapter in made] == (
        [0, *(chapter.end_ms for chapter in made[:-1])] if end else []
    )
    assert not end or made[-1].end_ms == end
    assert all(chapter.end_ms - chapter.start_ms >= MIN_CHAPTER_MS for chapter in made[:-1])
    assert all(chapter.title for chapter in made)
