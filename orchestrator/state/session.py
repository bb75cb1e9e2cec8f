"""The state of a session as the fold of its log: pure, the same for deciding, late joiners, replay and the drift report."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from orchestrator.state import (
    audience,
    captions,
    egress,
    invitations,
    people,
    polls,
    recordings,
    studio,
)
from orchestrator.state.audience import ChatState, Questions
from orchestrator.state.captions import CaptionState
from orchestrator.state.egress import Destinations, EgressState
from orchestrator.state.invitations import Invitations
from orchestrator.state.people import People, Rules
from orchestrator.state.polls import Polls
from orchestrator.state.recordings import Jobs, Recordings
from orchestrator.state.studio import StudioState
from schema import events as e
from schema.quality import DEFAULT, Quality
from schema.sessions import SessionStatus


class SessionState(msgspec.Struct, frozen=True):
    """Its own life, and a part for each feature; a part is never changed in place."""

    status: SessionStatus = "scheduled"
    title: str = ""
    scheduled_start: datetime | None = None
    scheduled_end: datetime | None = None
    room: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    participants: People = {}
    rules: Rules = Rules()
    invitations: Invitations = {}
    destinations: Destinations = {}
    egress: EgressState | None = None
    quality: Quality = DEFAULT
    recordings: Recordings = {}
    caption_count: int = 0
    captions: CaptionState = CaptionState()
    artifacts: dict[str, str] = {}
    jobs: Jobs = {}
    questions: Questions = {}
    chat: ChatState = ChatState()
    studio: StudioState = StudioState()
    polls: Polls = {}


# Each part has a fold of its own, which gives back the very same object when the event is none of its business.
FOLDS: dict[str, Callable[[Any, e.StoredEvent], Any]] = {
    "participants": people.evolve,
    "rules": people.evolve_rules,
    "invitations": invitations.evolve_invitations,
    "destinations": egress.evolve_destinations,
    "egress": egress.evolve_egress,
    "quality": egress.evolve_quality,
    "recordings": recordings.evolve_recordings,
    "caption_count": recordings.evolve_captions,
    "captions": captions.evolve,
    "artifacts": recordings.evolve_artifacts,
    "jobs": recordings.evolve_jobs,
    "questions": audience.evolve_questions,
    "chat": audience.evolve_chat,
    "studio": studio.evolve,
    "polls": polls.evolve,
}


def evolve(state: SessionState, event: e.StoredEvent) -> SessionState:
    """Never raises: what is in the log has happened."""
    changed = _life(event)
    for part, fold in FOLDS.items():
        before = getattr(state, part)
        after = fold(before, event)
        if after is not before:
            changed[part] = after
    return replace(state, **changed) if changed else state


def _life(event: e.StoredEvent) -> dict[str, Any]:
    match event.payload:
        case e.SessionStarted(room=room):
            return {"status": "live", "room": room, "started_at": event.created_at}
        case e.SessionEnded():
            return {"status": "ended", "ended_at": event.created_at}
        case e.SessionCancelled():
            return {"status": "cancelled"}
        case _:
            return _plan(event.payload)


def _plan(event: e.Event) -> dict[str, Any]:
    match event:
        case e.SessionScheduled(title=title, scheduled_start=start, scheduled_end=end):
            return {"title": title, "scheduled_start": start, "scheduled_end": end}
        case e.SessionRescheduled(scheduled_start=start, scheduled_end=end):
            return {"scheduled_start": start, "scheduled_end": end}
        case e.SessionEdited(title=title):
            return {"title": title}
        case _:
            return {}
