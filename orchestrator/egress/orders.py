"""The reconciler's words: what it can note in the log, what it can order, and what comes of an order; pure."""

from collections.abc import Mapping
from uuid import UUID, uuid5

import msgspec

from orchestrator.egress.facts import NS_PER_MS, ProgrammeFact
from orchestrator.state.egress import DestinationState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.quality import DEFAULT, Quality

HLS = "application/vnd.apple.mpegurl"


class Note(msgspec.Struct, frozen=True):
    """One event for the log under its deterministic key."""

    key: str
    event: e.Event


class Start(msgspec.Struct, frozen=True):
    attempt: int
    destinations: tuple[UUID, ...]
    quality: Quality = DEFAULT


class AddStream(msgspec.Struct, frozen=True):
    """`unlisted`: the egress may have it already and not have said so; a second one would be sent beside it."""

    egress_id: str
    destination: UUID
    unlisted: bool = False


class RemoveStream(msgspec.Struct, frozen=True):
    egress_id: str
    destination: UUID


class Stop(msgspec.Struct, frozen=True):
    egress_id: str


class MeasureProgramme(msgspec.Struct, frozen=True):
    """The worker left no length: take it from the playlist."""

    recording_id: UUID
    key: str


class CloseRoom(msgspec.Struct, frozen=True):
    pass


Order = Start | AddStream | RemoveStream | Stop | MeasureProgramme | CloseRoom


class Done(msgspec.Struct, frozen=True):
    pass


class Started(msgspec.Struct, frozen=True):
    """`blocked` are destinations that were left out, with the reason."""

    egress_id: str
    blocked: Mapping[UUID, str] = {}


class Refused(msgspec.Struct, frozen=True):
    reason: str


class Measured(msgspec.Struct, frozen=True):
    duration_ms: int


Outcome = Done | Started | Refused | Measured


def still_true(state: SessionState, note: Note) -> list[e.Event]:
    """The note's event, unless the log moved on since it was decided."""
    match note.event:
        case e.SessionEnded() if state.status != "live":
            return []
        case e.EgressStarted(egress_id=name) if state.egress and state.egress.id == name:
            return []
        case e.ParticipantConnected() | e.ParticipantLeft() as moved:
            return _moved(state, moved)
        case _:
            return [note.event]


def _moved(state: SessionState, moved: e.ParticipantConnected | e.ParticipantLeft) -> list[e.Event]:
    """Every connection is in the log as one coming and one going, in this order, whichever LiveKit tells first."""
    person = state.participants.get(moved.participant_id)
    known = person is not None and moved.sid in person.seen
    if isinstance(moved, e.ParticipantConnected):
        return [] if known else [moved]
    came = e.ParticipantConnected(participant_id=moved.participant_id, sid=moved.sid)
    return [moved] if known else [came, moved]


def started(egress_id: str, attempt: int) -> Note:
    return Note(
        f"egress:{egress_id}:started", e.EgressStarted(egress_id=egress_id, attempt=attempt)
    )


def measured(recording_id: UUID, duration_ms: int) -> Note:
    return Note(
        f"recording:{recording_id}:completed:{duration_ms}",
        e.RecordingCompleted(recording_id=recording_id, duration_ms=duration_ms),
    )


def added(name: UUID, programme: ProgrammeFact) -> Note:
    event = e.RecordingAdded(
        recording_id=name,
        kind="programme",
        key=programme.key,
        mime_type=HLS,
        started_at_unix_ms=programme.started_at_ns // NS_PER_MS,
    )
    return Note(f"recording:{name}:added", event)


def room_finished() -> Note:
    return Note("livekit:room_finished", e.SessionEnded(reason="room_finished"))


def joined(participant_id: UUID, sid: str) -> Note:
    connected = e.ParticipantConnected(participant_id=participant_id, sid=sid)
    return Note(f"livekit:{sid}:joined", connected)


def left(participant_id: UUID, sid: str) -> Note:
    return Note(f"livekit:{sid}:left", e.ParticipantLeft(participant_id=participant_id, sid=sid))


def changed(known: DestinationState, change: e.DestinationChanged) -> Note:
    """The n-th change of a destination has one key, whoever notes it."""
    return Note(f"destination:{change.destination_id}:{known.changes}", change)


def recording_id(session_id: UUID) -> UUID:
    """The programme's."""
    return uuid5(session_id, "programme")
