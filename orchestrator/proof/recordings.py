"""What was recorded and said. Words are not in the state, so the events themselves are read."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.recordings.tables import captions, recordings
from orchestrator.state.session import SessionState
from schema import events as e

SILENCED: Facts = {"text": "", "words": [], "corrected_text": None}


def folded(_: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {}
    for event in events:
        _take(facts, event)
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    recorded = await rows_of(tx, recordings, session_id)
    said = await rows_of(tx, captions, session_id)
    return {
        **{f"recording {row['id']}": columns_of(row) for row in recorded},
        **{f"caption {row['segment_id']}": columns_of(row, "segment_id") for row in said},
    }


def _take(facts: Facts, event: e.StoredEvent) -> None:
    match event.payload:
        case e.RecordingAdded(recording_id=key) as added:
            facts.setdefault(f"recording {key}", _added(added, event))
        case e.RecordingCompleted(recording_id=key, duration_ms=ms) if f"recording {key}" in facts:
            facts[f"recording {key}"]["duration_ms"] = ms
        case e.CaptionFinalized(segment_id=key) as caption:
            facts.setdefault(f"caption {key}", _said(caption, event))
        case e.CaptionCorrected(segment_id=key, text=text) if f"caption {key}" in facts:
            facts[f"caption {key}"]["corrected_text"] = text
        case e.CaptionsRedacted(participant_id=person):
            theirs = {
                name: fact | SILENCED for name, fact in facts.items() if _of(person, name, fact)
            }
            facts.update(theirs)
        case _:
            pass


def _of(person: UUID, name: str, fact: Facts) -> bool:
    return name.startswith("caption ") and fact["participant_id"] == person


def _added(added: e.RecordingAdded, event: e.StoredEvent) -> Facts:
    facts = {name: getattr(added, name) for name in added.__struct_fields__}
    del facts["recording_id"]
    return facts | {"duration_ms": None, "created_at": event.created_at}


def _said(caption: e.CaptionFinalized, event: e.StoredEvent) -> Facts:
    facts = {name: getattr(caption, name) for name in caption.__struct_fields__}
    del facts["segment_id"]
    words = msgspec.to_builtins(caption.words)
    return facts | {"words": words, "sequence": event.sequence, "corrected_text": None}
