"""Polls and the answers to them, sealed in the rows as they are in the log."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import asdict

from orchestrator.core.database import Transaction
from orchestrator.polls.tables import poll_responses, polls
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.state.session import SessionState
from schema import events as e
from schema.polls import PollQuestion

LATER = ("tally", "correct", "opened_at", "closed_at", *PollQuestion.__struct_fields__)


def folded(_: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {}
    for event in events:
        _take(facts, event)
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    asked = await rows_of(tx, polls, session_id)
    answered = await rows_of(tx, poll_responses, session_id)
    return {
        **{f"poll {row['id']}": columns_of(row) for row in asked},
        **{f"answer of {row['respondent']}": columns_of(row, "respondent") for row in answered},
    }


def _take(facts: Facts, event: e.StoredEvent) -> None:
    at = event.created_at
    match event.payload:
        case e.PollCreated(poll_id=key) as created:
            facts[f"poll {key}"] = _draft(created, event)
        case e.PollEdited(poll_id=key, sealed=sealed):
            facts[f"poll {key}"]["sealed"] = sealed
        case e.PollOpened(poll_id=key, question=question):
            facts[f"poll {key}"] |= {"status": "open", "opened_at": at, **asdict(question)}
        case e.PollAnswered(respondent=who) as answer:
            given = {name: getattr(answer, name) for name in ("poll_id", "choices", "sealed")}
            facts[f"answer of {who}"] = given | {"answered_at": at}
        case e.PollClosed(poll_id=key, tally=tally, correct=correct):
            closed = {"status": "closed", "closed_at": at, "tally": tally, "correct": correct}
            facts[f"poll {key}"] |= closed
        case e.PollDeleted(poll_id=key):
            facts.pop(f"poll {key}")
        case _:
            pass


def _draft(created: e.PollCreated, event: e.StoredEvent) -> Facts:
    return dict.fromkeys(LATER) | {
        "created_by": created.created_by,
        "status": "draft",
        "sealed": created.sealed,
        "sequence": event.sequence,
        "created_at": event.created_at,
    }
