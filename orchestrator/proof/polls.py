"""Polls and the answers to them, sealed in the rows as they are in the log."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import asdict

from orchestrator.core.database import Transaction
from orchestrator.polls.tables import poll_responses, polls
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from schema import events as e
from schema.polls import PollQuestion

QUESTION = PollQuestion.__struct_fields__
POLL = ("created_by", "status", "sealed", "tally", "correct", *QUESTION)


def folded(_: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {}
    for event in events:
        _take(facts, event.payload)
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    asked = await rows_of(tx, polls, session_id)
    answered = await rows_of(tx, poll_responses, session_id)
    return {
        **{f"poll {row['id']}": picked(row, POLL) for row in asked},
        **{
            f"answer of {row['respondent']}": picked(row, ("choices", "sealed")) for row in answered
        },
    }


def _take(facts: Facts, event: e.Event) -> None:
    match event:
        case e.PollCreated(poll_id=key):
            none = dict.fromkeys(POLL)
            known = {"created_by": event.created_by, "status": "draft", "sealed": event.sealed}
            facts[f"poll {key}"] = none | known
        case e.PollEdited(poll_id=key):
            facts[f"poll {key}"]["sealed"] = event.sealed
        case e.PollOpened(poll_id=key):
            facts[f"poll {key}"] |= {"status": "open", **asdict(event.question)}
        case e.PollAnswered():
            answer = {"choices": event.choices, "sealed": event.sealed}
            facts[f"answer of {event.respondent}"] = answer
        case e.PollClosed(poll_id=key, tally=tally, correct=correct):
            facts[f"poll {key}"] |= {"status": "closed", "tally": tally, "correct": correct}
        case e.PollDeleted(poll_id=key):
            facts.pop(f"poll {key}")
