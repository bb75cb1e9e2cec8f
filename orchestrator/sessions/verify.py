"""Proves for one session that its read models say what its log says: two maps of facts, compared."""

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog, events, from_row
from orchestrator.sessions.state import (
    DestinationState,
    ParticipantState,
    RecordingState,
    SessionState,
    evolve,
)
from orchestrator.sessions.tables import session_participants, sessions
from schema import events as e

Facts = dict[str, Any]

SESSION = ("status", "title", "room", "started_at", "ended_at")
DESTINATION = ("status", "selected", "attempt", "next_attempt_at", "reason")
RECORDING = tuple(RecordingState.__struct_fields__)
OPEN = {"queued": "open", "running": "open"}


def read_model(name: str, *columns: str) -> sa.TableClause:
    """Columns of another feature's table, and nothing else of that feature."""
    return sa.table(name, sa.column("session_id"), *(sa.column(column) for column in columns))


destinations = read_model("session_destinations", "destination_id", *DESTINATION)
recordings = read_model("recordings", *RECORDING)
artifacts = read_model("artifacts", "type", "data_key")
captions = read_model("captions")
jobs = read_model("artifact_jobs", "kind", "state")
messages = read_model("chat_messages", "id", "user_id", "content")
questions = read_model("questions", "id", "user_id", "content", "status", "upvotes", "answer")
votes = read_model("question_upvotes", "question_id", "user_id")


async def verify(tx: Transaction, session_id: UUID) -> list[str]:
    """Every difference between fold(log) and the rows, in words; an empty list is the proof."""
    found = await tx.execute(sa.select(sessions).where(sessions.c.id == session_id))
    row = found.mappings().first()
    if row is None:
        return [f"there is no session {session_id}"]
    count, highest = await _log_size(tx, session_id)
    state = await EventLog(SessionState(), evolve).state(tx, session_id)
    folded = {"events in the log": count, "last sequence": highest, **facts_of(state)}
    folded |= said([event.payload for event in await _audience_events(tx, session_id)])
    stored = {"events in the log": row["last_sequence"], "last sequence": row["last_sequence"]}
    stored |= {name: row[name] for name in SESSION} | await _stored_facts(tx, session_id)
    return [
        f"{what}: the log says {folded.get(what)!r}, the rows say {stored.get(what)!r}"
        for what in sorted(folded.keys() | stored.keys())
        if folded.get(what) != stored.get(what)
    ]


def facts_of(state: SessionState) -> Facts:
    return {
        **{name: getattr(state, name) for name in SESSION},
        "captions": state.caption_count,
        **{f"participant {p.id}": p for p in state.participants.values()},
        **{f"destination {key}": _destination(d) for key, d in state.destinations.items()},
        **{f"recording {r.id}": msgspec.structs.asdict(r) for r in state.recordings.values()},
        **{f"artifact {kind}": key for kind, key in state.artifacts.items()},
        **{f"job {kind}": standing for kind, standing in state.jobs.items()},
        **{f"voters of {key}": question.voters for key, question in state.questions.items()},
    }


def said(written: list[e.Event]) -> Facts:
    """What chat and questions come to. Not part of the state: no decision needs it, and a copy of it per event would."""
    facts: Facts = {}
    for event in written:
        match event:
            case e.ChatSent(message_id=key):
                facts[f"message {key}"] = {"user_id": event.user_id, "content": event.content}
            case e.ChatEdited(message_id=key) if f"message {key}" in facts:
                facts[f"message {key}"]["content"] = event.content
            case e.ChatDeleted(message_id=key):
                facts.pop(f"message {key}", None)
            case e.QuestionAsked(question_id=key):
                facts[f"question {key}"] = {
                    "user_id": event.user_id,
                    "content": event.content,
                    "status": "open",
                    "upvotes": 0,
                    "answer": None,
                }
            case e.QuestionUpvoted(question_id=key):
                facts[f"question {key}"]["upvotes"] += 1
            case e.QuestionUpvoteWithdrawn(question_id=key):
                facts[f"question {key}"]["upvotes"] -= 1
            case e.QuestionAnswered(question_id=key, answer=answer):
                facts[f"question {key}"] |= {"status": "answered", "answer": answer}
            case e.QuestionDismissed(question_id=key):
                facts[f"question {key}"]["status"] = "dismissed"
    return facts


async def _audience_events(tx: Transaction, session_id: UUID) -> list[e.StoredEvent]:
    theirs = events.c.event_type.startswith("chat.") | events.c.event_type.startswith("question.")
    found = await tx.execute(
        sa.select(events)
        .where(events.c.session_id == session_id, theirs)
        .order_by(events.c.sequence)
    )
    return [from_row(row) for row in found.mappings()]


async def _stored_audience(tx: Transaction, session_id: UUID) -> Facts:
    wrote = await _rows(tx, messages, session_id)
    asked = await _rows(tx, questions, session_id)
    voters: dict[UUID, set[UUID]] = {row["id"]: set() for row in asked if row["status"] == "open"}
    for vote in await _rows(tx, votes, session_id):
        if vote["question_id"] in voters:
            voters[vote["question_id"]].add(vote["user_id"])
    return {
        **{f"voters of {key}": frozenset(people) for key, people in voters.items()},
        **{f"message {row['id']}": _without_keys(row) for row in wrote},
        **{f"question {row['id']}": _without_keys(row) for row in asked},
    }


async def _stored_facts(tx: Transaction, session_id: UUID) -> Facts:
    people = await _rows(tx, session_participants, session_id)
    chosen = await _rows(tx, destinations, session_id)
    recorded = await _rows(tx, recordings, session_id)
    made = await _rows(tx, artifacts, session_id)
    to_do = await _rows(tx, jobs, session_id)
    return {
        "captions": len(await _rows(tx, captions, session_id)),
        **{f"participant {row['id']}": _participant(row) for row in people},
        **{f"destination {r['destination_id']}": {k: r[k] for k in DESTINATION} for r in chosen},
        **{f"recording {row['id']}": {name: row[name] for name in RECORDING} for row in recorded},
        **{f"artifact {row['type']}": row["data_key"] for row in made},
        **{f"job {row['kind']}": OPEN.get(row["state"], row["state"]) for row in to_do},
        **await _stored_audience(tx, session_id),
    }


async def _rows(tx: Transaction, table: sa.FromClause, session_id: UUID) -> list[sa.RowMapping]:
    found = await tx.execute(sa.select(table).where(table.c.session_id == session_id))
    return list(found.mappings())


async def _log_size(tx: Transaction, session_id: UUID) -> tuple[int, int]:
    counted = sa.func.count().label("count")
    highest = sa.func.coalesce(sa.func.max(events.c.sequence), 0).label("highest")
    found = await tx.execute(sa.select(counted, highest).where(events.c.session_id == session_id))
    row = found.mappings().one()
    return row["count"], row["highest"]


def _without_keys(row: sa.RowMapping) -> Facts:
    return {name: value for name, value in row.items() if name not in {"id", "session_id"}}


def _destination(state: DestinationState) -> Facts:
    return {name: getattr(state, name) for name in DESTINATION}


def _participant(row: sa.RowMapping) -> ParticipantState:
    return ParticipantState(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        role=row["role"],
        joined_at=row["join_time"],
        left_at=row["leave_time"],
        sids=frozenset(row["sids"]),
        seen=frozenset(row["seen"]),
    )
