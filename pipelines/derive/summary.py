"""Summary, key terms, action items: sentences of the class itself by default, a language model's where one is set up."""

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from pipelines.kind import Made, Recipe, Task, Unwritten, as_json
from pipelines.text import meaning, reading
from pipelines.text.words import content, is_question, key_phrases, rarity, sentences, words
from pipelines.transcript import model
from schema.recordings import Chapter, KeyTerm, Point, Summary, TranscriptSegment

# A sentence is worth keeping whole: no greeting, and no breath of two minutes.
MIN_WORDS, MAX_WORDS = 6, 45
MIN_CONTENT = 3
MS_PER_POINT = 180_000
FEWEST, MOST = 3, 10
# What a second point may share with one already chosen, as a cosine.
TOO_ALIKE = 0.75
TERMS, ACTIONS = 12, 10
# "A membrane is ...": what explains a term stands behind its verb.
EXPLAINS = r"\b{term}s?\b[^.?!]{{0,30}}\b(?:is|are|means|mean|is called|refers? to)\b"
ACTION = re.compile(
    r"\b(?:homework|assignment|please (?:read|write|finish|send|hand|submit|prepare|bring|look|do|try)"
    r"|remember to|make sure|don't forget|do not forget|hand in|turn in|submit"
    r"|(?:for|by|until|before) (?:next|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|you (?:need|have) to|i will send|i'll send|we will meet|we'll meet)\b",
    re.IGNORECASE,
)


EXTRACTIVE = Recipe(
    "extractive", meaning.MODEL, {"msPerPoint": MS_PER_POINT, "tooAlike": TOO_ALIKE}
)


class Said(msgspec.Struct, frozen=True):
    """One sentence with its second, counted from the words before it in its segment."""

    start_ms: int
    speaker: str
    text: str


def make(task: Task) -> Made:
    spoken, chapters = reading.transcript(task), reading.chapters(task)
    recipe = EXTRACTIVE
    if task.ask.model and spoken:
        try:
            written, prompts = model.summary(task.ask, spoken)
            return as_json(written, task.ask.recipe(prompts))
        except Unwritten as why:
            recipe = task.ask.instead(EXTRACTIVE, why)
    return as_json(extract(spoken, chapters), recipe)


def extract(spoken: Sequence[TranscriptSegment], chapters: Sequence[Chapter]) -> Summary:
    """The sentences nearest to what each chapter is about, none said twice, in order of time."""
    said = [one for segment in spoken for one in _said(segment)]
    return Summary(
        method="extractive",
        points=_points(said, chapters),
        key_terms=key_terms(spoken, said),
        action_items=[_point(one) for one in said if ACTION.search(one.text)][:ACTIONS],
    )


def _said(segment: TranscriptSegment) -> list[Said]:
    found, before = [], 0
    for sentence in sentences(segment.text):
        at = segment.words[before].start_ms if before < len(segment.words) else segment.start_ms
        found.append(Said(at, segment.speaker, sentence))
        before += len(sentence.split())
    return found


def _points(said: Sequence[Said], chapters: Sequence[Chapter]) -> list[Point]:
    worthy = [one for one in said if _worthy(one.text)]
    if not worthy:
        return []
    vectors = meaning.embed([one.text for one in worthy])
    chosen: list[int] = []
    wanted = _wanted(chapters)
    for n in _by_centrality(worthy, vectors, chapters):
        if len(chosen) == wanted:
            break
        if all(float(vectors[n] @ vectors[other]) < TOO_ALIKE for other in chosen):
            chosen.append(n)
    return [_point(worthy[n]) for n in sorted(chosen, key=lambda n: worthy[n].start_ms)]


def _worthy(text: str) -> bool:
    count = len(words(text))
    telling = len(set(content(text))) >= MIN_CONTENT
    return MIN_WORDS <= count <= MAX_WORDS and telling and not is_question(text)


def _wanted(chapters: Sequence[Chapter]) -> int:
    length_ms = chapters[-1].end_ms if chapters else 0
    return min(MOST, max(FEWEST, len(chapters), length_ms // MS_PER_POINT))


def _by_centrality(
    worthy: Sequence[Said], vectors: meaning.Vectors, chapters: Sequence[Chapter]
) -> list[int]:
    """The best of each chapter first, then the second best of each, and so on."""
    ranked: list[tuple[int, float, int]] = []
    for chapter in chapters:
        own = [
            n for n, one in enumerate(worthy) if chapter.start_ms <= one.start_ms < chapter.end_ms
        ]
        if not own:
            continue
        near = vectors[own] @ vectors[own].mean(0)
        order = np.argsort(-near, kind="stable")
        ranked += [(rank, -float(near[at]), own[int(at)]) for rank, at in enumerate(order)]
    return [n for _, _, n in sorted(ranked)]


def key_terms(spoken: Sequence[TranscriptSegment], said: Sequence[Said]) -> list[KeyTerm]:
    """By how often they come and how few segments use them; in order of their first mention."""
    weight = rarity(segment.text for segment in spoken)
    phrases = key_phrases("\n".join(segment.text for segment in spoken), weight, TERMS)
    found = [term for phrase in phrases if (term := _term(phrase, said)) is not None]
    return sorted(found, key=lambda term: term.start_ms)


def _term(phrase: str, said: Sequence[Said]) -> KeyTerm | None:
    pattern = re.compile(rf"\b{re.escape(phrase)}", re.IGNORECASE)
    naming = [one for one in said if pattern.search(one.text)]
    if len(naming) < 2:
        return None
    explains = re.compile(EXPLAINS.format(term=re.escape(phrase)), re.IGNORECASE)
    meanings = (
        one.text for one in naming if explains.search(one.text) and not is_question(one.text)
    )
    return KeyTerm(
        term=phrase,
        start_ms=naming[0].start_ms,
        count=len(naming),
        meaning=next(meanings, ""),
    )


def _point(one: Said) -> Point:
    return Point(start_ms=one.start_ms, text=one.text, speaker=one.speaker)
