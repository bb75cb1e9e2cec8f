"""A poll's answers as CSV that a spreadsheet opens without running anything; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from orchestrator.core.guard import spreadsheet
from orchestrator.state.polls import Choices
from schema.polls import PollDraft


class Answer(msgspec.Struct, frozen=True):
    respondent: str
    choices: Choices
    answered_at: datetime


def csv_of(draft: PollDraft, answers: Sequence[Answer], names: Mapping[str, str]) -> str:
    """One line an answer; an anonymous poll's has neither names nor times, by which somebody could be found.

    `names` are by respondent.
    """
    question, quiz = draft.question, draft.question.kind == "quiz"
    named = [] if question.anonymous else ["Name", "Answered at"]
    lines = [[*named, "Answer", *(["Correct"] if quiz else [])]]
    for answer in answers:
        who = [names.get(answer.respondent, ""), answer.answered_at.isoformat()]
        chosen = "; ".join(question.options[option] for option in answer.choices)
        right = "yes" if list(answer.choices) == draft.correct else "no"
        lines.append([*(who if named else []), chosen, *([right] if quiz else [])])
    return spreadsheet.csv_of(lines)
