"""What is asked of a language model, and how its answers are read; the model itself is the installation's."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from pipelines.kind import Ask
from pipelines.transcript.formats import plain_text
from schema.recordings import KeyTerm, Point, QuizSuggestion, Summary, TranscriptSegment

T = TypeVar("T")

MISSED = "The language model did not answer as asked."
# About 30,000 tokens: an hour and a half of talk.
MAX_CHARS = 120_000
SUMMARY = (
    "You summarise a recorded class from its transcript, in the transcript's language. Say only what it says. Lines begin"
    " with [h:mm:ss]. Answer with one JSON object and nothing else:"
    ' {"points": [{"time": "h:mm:ss", "text": "..."}], "keyTerms": [{"term": "...", "time": "h:mm:ss", "meaning": "..."}],'
    ' "actionItems": [{"time": "h:mm:ss", "text": "..."}]}. At most ten points and twelve terms.'
)
QUIZ = (
    "You write multiple-choice questions that test what this class taught, in the transcript's language. Lines begin with"
    " [h:mm:ss]. Answer with one JSON object and nothing else:"
    ' {"questions": [{"time": "h:mm:ss", "prompt": "...", "options": ["...", "...", "...", "..."], "correct": 0}]}.'
    " At most six questions; `correct` counts from 0."
)
TRANSLATION = (
    "You translate the captions of a recorded class into the language with the code {language}. You get a JSON array of"
    " captions in the order they were spoken. Translate each for itself, names stay. Answer with one JSON object and nothing"
    ' else, with as many lines as there were captions: {{"lines": ["...", "..."]}}.'
)


class Unreadable(Exception):
    """The model's answer is not what it was asked for; it may do better next time."""


class Line(msgspec.Struct, frozen=True):
    time: str
    text: str


class Term(msgspec.Struct, frozen=True):
    term: str
    time: str
    meaning: str = ""


class SummaryAnswer(msgspec.Struct, frozen=True, rename="camel"):
    points: list[Line]
    key_terms: list[Term]
    action_items: list[Line]


class Question(msgspec.Struct, frozen=True):
    time: str
    prompt: str
    options: list[str]
    correct: int


class QuizAnswer(msgspec.Struct, frozen=True):
    questions: list[Question]


class TranslationAnswer(msgspec.Struct, frozen=True):
    lines: list[str]


def summary(ask: Ask, spoken: Sequence[TranscriptSegment]) -> Summary:
    """Raises Unreadable."""
    answer = _answer(ask, SUMMARY, _transcript(spoken), SummaryAnswer)
    return Summary(
        method=ask.model,
        points=[Point(start_ms=_ms(line.time), text=line.text) for line in answer.points],
        key_terms=[
            KeyTerm(
                term=t.term, start_ms=_ms(t.time), count=_count(t.term, spoken), meaning=t.meaning
            )
            for t in answer.key_terms
        ],
        action_items=[
            Point(start_ms=_ms(line.time), text=line.text) for line in answer.action_items
        ],
    )


def quiz(ask: Ask, spoken: Sequence[TranscriptSegment]) -> list[QuizSuggestion]:
    """Without those whose right option is none of theirs. Raises Unreadable."""
    return [
        QuizSuggestion(prompt=q.prompt, options=q.options, correct=q.correct, start_ms=_ms(q.time))
        for q in _answer(ask, QUIZ, _transcript(spoken), QuizAnswer).questions
        if 0 <= q.correct < len(q.options) and len(q.options) > 1
    ]


def translated(ask: Ask, language: str, texts: Sequence[str]) -> list[str]:
    """A line for each text; whoever miscounts is asked again for half as many. Raises Unreadable."""
    asked = msgspec.json.encode(texts).decode()
    lines = _answer(ask, TRANSLATION.format(language=language), asked, TranslationAnswer).lines
    if len(lines) == len(texts):
        return lines
    if len(texts) == 1:
        raise Unreadable(MISSED)
    half = len(texts) // 2
    return [*translated(ask, language, texts[:half]), *translated(ask, language, texts[half:])]


def _transcript(spoken: Sequence[TranscriptSegment]) -> str:
    return plain_text(spoken)[:MAX_CHARS]


def _answer(ask: Ask, prompt: str, asked: str, type: type[T]) -> T:  # noqa: A002 msgspec's word
    text = ask.put(prompt, asked)
    start, end = text.find("{"), text.rfind("}")
    try:
        return msgspec.json.decode(text[start : end + 1], type=type)
    except msgspec.DecodeError as error:
        raise Unreadable(MISSED) from error


def _ms(time: str) -> int:
    """Of `h:mm:ss` or `mm:ss`; a time that is none is the beginning."""
    parts = time.strip("[] ").split(":")
    if not all(part.isdigit() for part in parts):
        return 0
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds * 1000


def _count(term: str, spoken: Sequence[TranscriptSegment]) -> int:
    return sum(term.lower() in segment.text.lower() for segment in spoken)
