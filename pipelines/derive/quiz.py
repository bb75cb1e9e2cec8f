"""Quiz suggestions: what the class explained, with the term left out and other terms of the class beside it."""

import hashlib
import re
from collections.abc import Sequence

from pipelines.kind import Made, Recipe, Task, Unwritten, as_json
from pipelines.text import reading
from pipelines.transcript import model
from schema.recordings import KeyTerm, QuizSuggestion

SUGGESTIONS, OPTIONS = 6, 4
FEWEST_OPTIONS = 3
BLANK = "_____"
CLOZE = Recipe("terms left out of the sentences that explain them")


def make(task: Task) -> Made:
    spoken = reading.transcript(task)
    recipe = CLOZE
    if task.ask.model and spoken:
        try:
            written, prompts = model.quiz(task.ask, spoken, SUGGESTIONS)
            return as_json(written, task.ask.recipe(prompts))
        except Unwritten as why:
            recipe = task.ask.instead(CLOZE, why)
    return as_json(suggestions(reading.summary(task).key_terms), recipe)


def suggestions(terms: Sequence[KeyTerm]) -> list[QuizSuggestion]:
    """Only of terms that were explained; none where there are too few terms to choose between."""
    found = []
    for n, term in enumerate(terms):
        others = [other.term for other in (*terms[n + 1 :], *terms[:n])][: OPTIONS - 1]
        if term.meaning and len(others) + 1 >= FEWEST_OPTIONS:
            found.append(_suggestion(term, others))
    return found[:SUGGESTIONS]


def _suggestion(term: KeyTerm, others: Sequence[str]) -> QuizSuggestion:
    gap = re.sub(rf"\b{re.escape(term.term)}", BLANK, term.meaning, flags=re.IGNORECASE)
    options = sorted([term.term, *others], key=lambda option: _shuffled(gap, option))
    return QuizSuggestion(
        prompt=f"What belongs in the gap? {gap}",
        options=options,
        correct=options.index(term.term),
        start_ms=term.start_ms,
    )


def _shuffled(gap: str, option: str) -> str:
    """An order that says nothing of which is right, and is the same each time."""
    return hashlib.sha256(f"{gap}\n{option}".encode()).hexdigest()
