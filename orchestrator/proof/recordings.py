"""What was recorded and said. Words are not in the state, so the events themselves are read."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.recordings.tables import captions, recordings
from orchestrator.state.recordings import RecordingState
from orchestrator.state.session import SessionState
from schema import events as e

RECORDING = tuple(name for name in RecordingState.__struct_fields__ if name != "id")
SILENCED: Facts = {"text": "", "words": [], "corrected_text": None}


def folded(state: SessionState, events: Sequence[e.StoredEvent]) -> Facts:
    facts: Facts = {"captions": state.caption_count}
    for event in events:
        _take(facts, event)
    for found in state.recordings.values():
        facts[f"recording {found.id}"] |= {name: getattr(found, name) for name in RECORDING}
    return facts


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    recorded = await rows_of(tx, recordings, session_id)
    said = await rows_of(tx, captions, session_id)
    return {
        "captions": len(said),
        **{f"recording {row['id']}": columns_of(row) for row in recorded},
        **{f"caption {row['segment_id']}": columns_of(row, "segment_id") for row in said},
    }


def _take(facts: Facts, event: e.StoredEvent) -> None:
    match event.payload:
        case e.RecordingAdded(recording_id=key):
            facts.setdefault(f"recording {key}", {"created_at": event.created_at})
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


def _said(caption: e.CaptionFinalized, event: e.StoredEvent) -> Facts:
    facts = {name: getattr(caption, name) for name in caption.__struct_fields__}
    del facts["segment_id"]
    words = msgspec.to_builtins(caption.words)
    return facts | {"words": words, "sequence": event.sequence, "corrected_text": None}
