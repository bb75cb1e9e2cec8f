"""Summary, terms, tasks and quizzes: of a lesson whose content is known."""

import io
import json
from types import ModuleType

import msgspec
import pytest
from docx import Document

from pipelines.derive import quiz, summary
from pipelines.derive.chapters import Course, chapters
from pipelines.kind import Ask, Task
from pipelines.text.shifts import MOST_SENTENCES, lexical, semantic
from pipelines.transcript import document, model
from pipelines.transcript.formats import clock
from schema.recordings import Chapter, QuizSuggestion, SlideShown, Summary, TranscriptSegment
from tests.pipelines.builders import said, source

LESSON = [
    "Good morning everybody, nice to see you all again today.",
    "A membrane is a thin layer that decides what enters the cell.",
    "Water passes the membrane, but salt does not pass the membrane easily.",
    "Osmosis is the movement of water through a membrane towards the salt.",
    "Because of osmosis a cell in pure water swells until it bursts.",
    "Can you all hear me in the back?",
    "The nucleus is the part of the cell that keeps the genes.",
    "When a cell divides, the nucleus copies every gene first.",
    "Photosynthesis is how a leaf makes sugar from light, water and air.",
    "The leaf is green because photosynthesis leaves the green light unused.",
    "For next Tuesday please read chapter four and bring a leaf.",
    "Remember to hand in the drawing of your cell.",
]


def lesson() -> list[TranscriptSegment]:
    return [said(n * 15_000, n * 15_000 + 12_000, text) for n, text in enumerate(LESSON)]


def extracted() -> Summary:
    return summary.extract(lesson(), [Chapter(start_ms=0, end_ms=180_000, title="Cells")])


def test_a_summary_is_made_of_what_was_taught_in_its_order() -> None:
    made = extracted()
    assert made.method == "extractive"
    texts = [point.text for point in made.points]
    assert set(texts) <= set(LESSON)
    assert not {LESSON[0], LESSON[5]} & set(texts)
    starts = [point.start_ms for point in made.points]
    assert starts == sorted(starts)
    assert 3 <= len(texts) <= 10


def test_what_is_to_be_done_is_found() -> None:
    assert [point.text for point in extracted().action_items] == LESSON[-2:]


def test_terms_come_with_what_explains_them_and_where_they_were_first_said() -> None:
    terms = {term.term: term for term in extracted().key_terms}
    assert terms["membrane"].meaning == LESSON[1]
    assert terms["membrane"].start_ms == 15_000
    assert terms["osmosis"].count == 2
    assert "morning" not in terms


def test_a_quiz_leaves_the_term_out_and_its_answer_is_among_the_options() -> None:
    made = quiz.suggestions(extracted().key_terms)
    assert made
    for suggestion in made:
        right = suggestion.options[suggestion.correct]
        assert right not in suggestion.prompt.lower()
        assert quiz.BLANK in suggestion.prompt
        assert len(set(suggestion.options)) == len(suggestion.options) >= 3
    assert quiz.suggestions(extracted().key_terms[:1]) == []


def test_nothing_said_is_nothing_to_summarise() -> None:
    made = summary.extract([], [])
    assert (made.points, made.key_terms, made.action_items) == ([], [], [])


def answering(text: str) -> Ask:
    return Ask("small", lambda prompt, given: text)


def with_model(kind: str, text: str) -> bytes:
    made = {
        "transcript": msgspec.json.encode(lesson()),
        "chapters": b"[]",
        "summary": msgspec.json.encode(extracted()),
    }
    task = Task(source([]), made, ask=answering(text))
    done = summary.make(task) if kind == "summary" else quiz.make(task)
    assert done.recipe.model == "small"
    assert done.recipe.parameters["prompts"] in ([model.SUMMARY], [model.QUIZ])
    return done.files["json"]


def test_a_language_models_summary_is_read_also_with_words_around_it() -> None:
    answer = {
        "points": [{"time": "0:00:15", "text": "What membranes do."}],
        "keyTerms": [{"term": "Osmosis", "time": "00:45", "meaning": "Water moves."}],
        "actionItems": [],
    }
    content = with_model("summary", f"Here it is: {json.dumps(answer)} Anything else?")
    made = msgspec.json.decode(content, type=Summary)
    assert (made.method, made.points[0].start_ms) == ("small", 15_000)
    assert (made.key_terms[0].start_ms, made.key_terms[0].count) == (45_000, 2)


def test_a_language_models_quiz_without_a_right_option_is_left_out() -> None:
    good = {"time": "0:01:00", "prompt": "What is osmosis?", "options": ["a", "b"], "correct": 1}
    bad = {**good, "correct": 2}
    content = with_model("quiz", json.dumps({"questions": [bad, good]}))
    (only,) = msgspec.json.decode(content, type=list[QuizSuggestion])
    assert (only.start_ms, only.correct) == (60_000, 1)


@pytest.mark.parametrize("answer", ["", "I cannot do that.", "{}", '{"points": 3}'])
@pytest.mark.parametrize("kind", [summary, quiz])
def test_a_model_that_does_not_answer_as_asked_is_done_without_and_named(
    answer: str, kind: ModuleType
) -> None:
    made = {
        "transcript": msgspec.json.encode(lesson()),
        "chapters": msgspec.json.encode([Chapter(start_ms=0, end_ms=180_000, title="Cells")]),
        "summary": msgspec.json.encode(extracted()),
    }
    without = kind.make(Task(source([]), made))
    done = kind.make(Task(source([]), made, ask=answering(answer)))
    assert done.files == without.files
    assert done.recipe.method == without.recipe.method
    assert done.recipe.parameters["insteadOf"] == {
        "model": "small",
        "reason": "The language model did not answer as asked.",
    }


HOUR_MS = 3_600_000


def long_class() -> list[TranscriptSegment]:
    """Three hours of somebody who never stops for breath, 70 characters every five seconds."""
    text = "so the leaf makes its sugar out of light and water and of the thin air"
    return [said(at, at + 5_000, text) for at in range(0, 3 * HOUR_MS, 5_000)]


def test_a_class_of_three_hours_is_read_whole_in_parts_that_a_model_can_take() -> None:
    found = model.parts(long_class())
    assert "".join(found).count("the leaf makes") == len(long_class())
    assert len(found) == 2
    assert max(map(len, found)) < model.MAX_CHARS * 1.01
    assert found[1].startswith("[1:30:")
    assert model.parts(lesson()) == [
        "".join(f"[{clock(s.start_ms)}] Ada: {s.text}\n" for s in lesson())
    ]


def test_the_parts_summaries_become_one_of_the_whole_class() -> None:
    asked: list[tuple[str, str]] = []

    def put(prompt: str, text: str) -> str:
        asked.append((prompt, text))
        at = "2:00:00" if prompt == model.MERGE else text[1:8]
        point = {"time": at, "text": f"What came at {at}."}
        return json.dumps({"points": [point], "keyTerms": [], "actionItems": []})

    made, prompts = model.summary(Ask("small", put), long_class())
    assert [prompt for prompt, _ in asked] == prompts == [model.SUMMARY, model.SUMMARY, model.MERGE]
    assert "What came at 0:00:00." in asked[2][1]
    assert "What came at 1:30:" in asked[2][1]
    assert [point.start_ms for point in made.points] == [2 * HOUR_MS]


def test_a_quiz_of_a_long_class_asks_about_all_of_it() -> None:
    def put(_: str, text: str) -> str:
        one = {"time": text[1:8], "prompt": "?", "options": ["a", "b"], "correct": 0}
        return json.dumps({"questions": [one] * 6})

    made, _ = model.quiz(Ask("small", put), long_class(), 6)
    assert [s.start_ms >= 1.5 * HOUR_MS for s in made] == [False] * 3 + [True] * 3


def test_the_document_holds_everything_in_order() -> None:
    slide_and_rest = [
        Chapter(start_ms=0, end_ms=90_000, title="Membranes"),
        Chapter(start_ms=90_000, end_ms=180_000, title="The nucleus"),
    ]
    made = {
        "transcript": msgspec.json.encode(lesson()),
        "chapters": msgspec.json.encode(slide_and_rest),
        "summary": msgspec.json.encode(extracted()),
    }
    files = document.make(Task(source([]), made)).files
    text = [p.text for p in Document(io.BytesIO(files["docx"])).paragraphs]
    assert text[0] == "Physics"
    assert text.index("0:00:00  Membranes") < text.index("0:01:30  The nucleus")
    spoken = " ".join(text[text.index("Transcript") :])
    assert all(line in spoken for line in LESSON)


# Two subjects in words that never meet: only their meaning tells that the first five belong together.
DOGS = ["The puppy wagged its tail.", "Hounds bark at strangers.", "A poodle needs a good brush."]
MONEY = [
    "Banks lend cash for interest.",
    "Inflation eats your savings.",
    "Taxes pay for the roads.",
]


def test_meaning_tells_a_change_of_subject_where_no_word_comes_twice() -> None:
    talk = [said(n * 15_000, n * 15_000 + 12_000, text) for n, text in enumerate(DOGS + MONEY)]
    assert len(set(lexical(talk))) == 1
    shifts = semantic(talk)
    assert max(range(len(shifts)), key=shifts.__getitem__) == len(DOGS) - 1


def test_a_long_class_is_asked_for_the_meaning_of_some_sentences_only() -> None:
    each_ms, half = 4_000, MOST_SENTENCES
    lines = [DOGS[n % 3] for n in range(half)] + [MONEY[n % 3] for n in range(half)]
    talk = [said(n * each_ms, n * each_ms + 3_000, text) for n, text in enumerate(lines)]
    shifts = semantic(talk)
    assert len(shifts) == len(talk) - 1
    strongest = max(range(len(shifts)), key=shifts.__getitem__)
    assert abs(strongest - (half - 1)) <= 2


def test_a_slide_that_comes_up_starts_a_chapter_and_names_it() -> None:
    talk = [said(n * 10_000, n * 10_000 + 9_000, LESSON[n % 5 + 1]) for n in range(24)]
    slide = SlideShown(
        asset_id=source([]).session_id,
        page=1,
        start_ms=121_000,
        end_ms=240_000,
        deck="Cells.pdf",
        title="Osmosis at home",
        text="",
        key="",
        thumbnail_key="",
    )
    made = chapters(talk, 240_000, "Biology", Course(shown_ms=[121_000], slides=[slide]))
    assert (120_000, "Osmosis at home") in [(c.start_ms, c.title) for c in made]
