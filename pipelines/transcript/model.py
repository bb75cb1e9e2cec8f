"""What is asked of a language model, and how its answers are read; the model itself is the installation's."""

from collections.abc import Sequence
from math import ceil
from typing import TypeVar

import msgspec

from pipelines.kind import Ask, Unwritten
from pipelines.transcript.formats import clock, one_line
from schema.recordings import KeyTerm, Point, QuizSuggestion, Summary, TranscriptSegment

T = TypeVar("T")

# About 30,000 tokens: an hour and a half of talk. A longer class is read in parts.
MAX_CHARS = 120_000
SUMMARY = (
    "You summarise a recorded class from its transcript, in the transcript's language. Say only what it says. Lines begin"
    " with [h:mm:ss]. Answer with one JSON object and nothing else:"
    ' {"points": [{"time": "h:mm:ss", "text": "..."}], "keyTerms": [{"term": "...", "time": "h:mm:ss", "meaning": "..."}],'
    ' "actionItems": [{"time": "h:mm:ss", "text": "..."}]}. At most ten points and twelve terms.'
)
MERGE = (
    "You are given summaries of the parts of one class, in order, one JSON object a line. Make one summary of the whole class"
    " of them, in their language and form, and answer with that one JSON object and nothing else. Keep the times. At most ten"
    " points and twelve terms: what matters for the class as a whole."
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
MISSED = "The language model did not answer as asked."


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


def summary(ask: Ask, spoken: Sequence[TranscriptSegment]) -> tuple[Summary, list[str]]:
    """And the prompts, in order. Raises Unwritten."""
    found = [_answer(ask, SUMMARY, part, SummaryAnswer) for part in parts(spoken)]
    prompts = [SUMMARY] * len(found)
    if len(found) > 1:
        told = b"\n".join(map(msgspec.json.encode, found)).decode()
        found = [_answer(ask, MERGE, told, SummaryAnswer)]
        prompts.append(MERGE)
    return _summary(ask.model, found[0], spoken), prompts


def _summary(method: str, answer: SummaryAnswer, spoken: Sequence[TranscriptSegment]) -> Summary:
    return Summary(
        method=method,
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


def quiz(
    ask: Ask, spoken: Sequence[TranscriptSegment], most: int
) -> tuple[list[QuizSuggestion], list[str]]:
    """As many of each part of the class, and the prompts; without those whose right option is none. Raises Unwritten."""
    found = [_answer(ask, QUIZ, part, QuizAnswer).questions for part in parts(spoken)]
    each = ceil(most / len(found))
    suggestions = [
        QuizSuggestion(prompt=q.prompt, options=q.options, correct=q.correct, start_ms=_ms(q.time))
        for questions in found
        for q in [q for q in questions if 0 <= q.correct < len(q.options) > 1][:each]
    ]
    return suggestions[:most], [QUIZ] * len(found)


def translated(ask: Ask, language: str, texts: Sequence[str]) -> list[str]:
    """A line for each text; whoever miscounts is asked again for half as many. Raises Unwritten."""
    given = msgspec.json.encode(texts).decode()
    lines = _answer(ask, TRANSLATION.format(language=language), given, TranslationAnswer).lines
    if len(lines) == len(texts):
        return lines
    if len(texts) == 1:
        raise Unwritten(MISSED)
    half = len(texts) // 2
    return [*translated(ask, language, texts[:half]), *translated(ask, language, texts[half:])]


def parts(spoken: Sequence[TranscriptSegment]) -> list[str]:
    """The transcript, a line a segment, in as few parts of about the same length as the limit allows."""
    lines = [f"[{clock(s.start_ms)}] {one_line(s.speaker)}: {one_line(s.text)}\n" for s in spoken]
    total = sum(map(len, lines))
    count = ceil(total / MAX_CHARS)
    found, before = [""] * count, 0
    for line in lines:
        found[before * count // total] += line
        before += len(line)
    return found


def _answer(ask: Ask, prompt: str, given: str, type: type[T]) -> T:  # noqa: A002 msgspec's word
    text = ask.put(prompt, given)
    start, end = text.find("{"), text.rfind("}")
    try:
        return msgspec.json.decode(text[start : end + 1], type=type)
    except msgspec.DecodeError as error:
        raise Unwritten(MISSED) from error


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
