"""The state of a session as the fold of its log: pure, the same for deciding, late joiners, replay and the drift report."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.auth import RoleName
from schema.destinations import DestinationStatus
from schema.jobs import ArtifactKind
from schema.sessions import SessionStatus

# What the log knows of an artifact's job; who works on it (the lease) is only in its row.
JobStanding = Literal["open", "done", "parked"]
ALL_KINDS: frozenset[ArtifactKind] = frozenset(get_args(ArtifactKind))


class ParticipantState(msgspec.Struct, frozen=True):
    """`sids` are the LiveKit connections open now; a re-join is the same participant."""

    id: UUID
    user_id: UUID
    name: str
    role: RoleName
    joined_at: datetime
    left_at: datetime | None = None
    sids: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()


class DestinationState(msgspec.Struct, frozen=True):
    """`changes` counts its `destination.changed` events; the next one takes its key from it."""

    status: DestinationStatus = "idle"
    selected: bool = True
    attempt: int = 0
    next_attempt_at: datetime | None = None
    reason: str | None = None
    changes: int = 0


class RecordingState(msgspec.Struct, frozen=True):
    id: UUID
    kind: e.RecordingKind
    key: str
    mime_type: str
    started_at_unix_ms: int
    participant_id: UUID | None = None
    duration_ms: int | None = None


class EgressState(msgspec.Struct, frozen=True):
    id: str
    attempt: int
    ended: bool = False


class QuestionState(msgspec.Struct, frozen=True):
    """A question still open; `voters` are users."""

    voters: frozenset[UUID] = frozenset()


class SessionState(msgspec.Struct, frozen=True):
    status: SessionStatus = "scheduled"
    title: str = ""
    room: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    participants: dict[UUID, ParticipantState] = {}
    destinations: dict[UUID, DestinationState] = {}
    recordings: dict[UUID, RecordingState] = {}
    egress: EgressState | None = None
    caption_count: int = 0
    artifacts: dict[str, str] = {}
    jobs: dict[str, JobStanding] = {}
    questions: dict[UUID, QuestionState] = {}


def stale_kinds(event: e.Event) -> frozenset[ArtifactKind]:
    """Which artifacts no longer say the truth when this event comes after the end of class."""
    match event:
        case e.CaptionFinalized() | e.RecordingAdded(kind="programme"):
            return ALL_KINDS
        case e.RecordingCompleted():
            return frozenset({"chapters", "replay"})
        case e.RecordingAdded():
            return frozenset({"replay"})
        case _:
            return frozenset()


def evolve(state: SessionState, event: e.StoredEvent) -> SessionState:
    """Never raises: what is in the log has happened."""
    return _jobs(_session(state, event), event.payload)


def _jobs(state: SessionState, event: e.Event) -> SessionState:
    match event:
        case e.SessionEnded():
            return replace(state, jobs=dict.fromkeys(ALL_KINDS, "open") | state.jobs)
        case e.ArtifactCompleted(kind=kind):
            return _stand(state, [kind], "done")
        case e.ArtifactFailed(kind=kind) | e.ArtifactCancelled(kind=kind):
            return _stand(state, [kind], "parked")
        case e.ArtifactRequeued(kind=kind):
            return _stand(state, [kind], "open")
        case _:
            return _stand(state, stale_kinds(event), "open")


def _stand(state: SessionState, kinds: Iterable[str], standing: JobStanding) -> SessionState:
    known = {kind: standing for kind in kinds if kind in state.jobs}
    return replace(state, jobs=state.jobs | known) if known else state


def _session(state: SessionState, event: e.StoredEvent) -> SessionState:  # noqa: C901, PLR0911, PLR0912 one arm per event type
    at = event.created_at
    match event.payload:
        case e.SessionScheduled(title=title):
            return replace(state, title=title)
        case e.SessionStarted(room=room):
            return replace(state, status="live", room=room, started_at=at)
        case e.SessionEnded():
            return replace(state, status="ended", ended_at=at)
        case e.ParticipantJoined() as joined:
            return _joined(state, joined, at)
        case e.ParticipantConnected(participant_id=pid, sid=sid):
            return _connected(state, pid, sid)
        case e.ParticipantLeft(participant_id=pid, sid=sid):
            return _left(state, pid, sid, at)
        case e.DestinationsSelected(destination_ids=ids):
            return _selected(state, ids)
        case e.DestinationChanged() as changed:
            return _changed(state, changed)
        case e.EgressStarted(egress_id=egress_id, attempt=attempt):
            return replace(state, egress=EgressState(egress_id, attempt))
        case e.EgressEnded(egress_id=egress_id) if state.egress and state.egress.id == egress_id:
            return replace(state, egress=replace(state.egress, ended=True))
        case e.RecordingAdded() as added:
            return _added(state, added)
        case e.RecordingCompleted(recording_id=rid, duration_ms=ms) if rid in state.recordings:
            done = replace(state.recordings[rid], duration_ms=ms)
            return replace(state, recordings={**state.recordings, rid: done})
        case (
            e.QuestionAsked()
            | e.QuestionUpvoted()
            | e.QuestionUpvoteWithdrawn()
            | e.QuestionAnswered()
            | e.QuestionDismissed()
        ) as said:
            return replace(state, questions=_questions(state.questions, said))
        case e.CaptionFinalized():
            return replace(state, caption_count=state.caption_count + 1)
        case e.ArtifactCompleted(kind=kind, key=key):
            return replace(state, artifacts={**state.artifacts, kind: key})
        case _:
            return state


def _joined(state: SessionState, joined: e.ParticipantJoined, at: datetime) -> SessionState:
    known = state.participants.get(joined.participant_id)
    first = at if known is None else known.joined_at
    person = ParticipantState(
        id=joined.participant_id,
        user_id=joined.user_id,
        name=joined.name,
        role=joined.role,
        joined_at=first,
        sids=frozenset() if known is None else known.sids,
        seen=frozenset() if known is None else known.seen,
    )
    return replace(state, participants={**state.participants, person.id: person})


def _connected(state: SessionState, pid: UUID, sid: str) -> SessionState:
    person = state.participants.get(pid)
    # LiveKit may deliver "left" before "joined" on a quick reconnect: a sid once gone stays gone.
    if person is None or sid in person.seen:
        return state
    here = replace(person, sids=person.sids | {sid}, seen=person.seen | {sid}, left_at=None)
    return replace(state, participants={**state.participants, pid: here})


def _left(state: SessionState, pid: UUID, sid: str, at: datetime) -> SessionState:
    person = state.participants.get(pid)
    if person is None:
        return state
    rest = person.sids - {sid}
    gone = replace(
        person, sids=rest, seen=person.seen | {sid}, left_at=person.left_at if rest else at
    )
    return replace(state, participants={**state.participants, pid: gone})


def _selected(state: SessionState, ids: list[UUID]) -> SessionState:
    kept = {key: replace(dest, selected=key in ids) for key, dest in state.destinations.items()}
    new = {key: DestinationState() for key in ids if key not in kept}
    return replace(state, destinations=kept | new)


def _changed(state: SessionState, changed: e.DestinationChanged) -> SessionState:
    known = state.destinations.get(changed.destination_id)
    if known is None:
        return state
    now = replace(
        known,
        status=changed.status,
        attempt=changed.attempt,
        next_attempt_at=changed.next_attempt_at,
        reason=changed.reason,
        changes=known.changes + 1,
    )
    return replace(state, destinations={**state.destinations, changed.destination_id: now})


def _added(state: SessionState, added: e.RecordingAdded) -> SessionState:
    recording = RecordingState(
        id=added.recording_id,
        kind=added.kind,
        key=added.key,
        mime_type=added.mime_type,
        started_at_unix_ms=added.started_at_unix_ms,
        participant_id=added.participant_id,
    )
    return replace(state, recordings={**state.recordings, recording.id: recording})


def _questions(
    known: dict[UUID, QuestionState], said: e.QuestionEvent
) -> dict[UUID, QuestionState]:
    """Only the open ones: a closed question takes no vote any more, so nothing has to be decided on it."""
    key = said.question_id
    match said:
        case e.QuestionAsked():
            return {**known, key: QuestionState()}
        case e.QuestionUpvoted(user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters | {voter})}
        case e.QuestionUpvoteWithdrawn(user_id=voter) if key in known:
            return {**known, key: QuestionState(known[key].voters - {voter})}
        case e.QuestionAnswered() | e.QuestionDismissed():
            return {other: question for other, question in known.items() if other != key}
    return known
