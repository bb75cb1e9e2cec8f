"""Every event a session's log can hold: the tag is `event_type`, the fields are `event_payload`.

The payloads of each feature stand in `schema/log`.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from schema.log.artifacts import (
    ArtifactCancelled,
    ArtifactCompleted,
    ArtifactEvent,
    ArtifactFailed,
    ArtifactRequeued,
)
from schema.log.audience import (
    AudienceEvent,
    ChatDeleted,
    ChatEdited,
    ChatEvent,
    ChatMuted,
    ChatPinned,
    ChatReacted,
    ChatReactionWithdrawn,
    ChatRulesChanged,
    ChatSent,
    ChatUnmuted,
    ChatUnpinned,
    QuestionAnswered,
    QuestionAsked,
    QuestionDismissed,
    QuestionEvent,
    QuestionUpvoted,
    QuestionUpvoteWithdrawn,
)
from schema.log.base import Payload
from schema.log.captions import (
    CaptionCorrected,
    CaptionEvent,
    CaptionLanguageChosen,
    CaptionsConfigured,
    CaptionsRedacted,
)
from schema.log.egress import (
    DestinationChanged,
    DestinationsSelected,
    EgressEnded,
    EgressEvent,
    EgressStarted,
    ProgrammeQualityChosen,
)
from schema.log.invitations import (
    InvitationAccepted,
    InvitationCreated,
    InvitationEvent,
    InvitationRevoked,
)
from schema.log.people import (
    DoorEvent,
    HandEvent,
    HandLowered,
    HandRaised,
    ParticipantMuted,
    ParticipantReadmitted,
    ParticipantRemoved,
    PeopleEvent,
    PermissionsChanged,
    RoomLocked,
    RoomUnlocked,
    RulesChanged,
)
from schema.log.polls import (
    PollAnswered,
    PollClosed,
    PollCreated,
    PollDeleted,
    PollEdited,
    PollEvent,
    PollOpened,
)
from schema.log.recordings import (
    CaptionFinalized,
    RecordingAdded,
    RecordingCompleted,
    RecordingEvent,
    RecordingKind,
    Word,
)
from schema.log.sessions import (
    ParticipantConnected,
    ParticipantJoined,
    ParticipantLeft,
    SessionCancelled,
    SessionEdited,
    SessionEnded,
    SessionEvent,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from schema.log.studio import (
    AssetAdded,
    AssetRemoved,
    SceneActivated,
    SceneChanged,
    SceneCreated,
    SceneDeactivated,
    SceneDeleted,
    StudioEvent,
    WhiteboardCleared,
    WhiteboardDrawn,
    WhiteboardErased,
    WhiteboardEvent,
    WhiteboardHidden,
    WhiteboardShown,
)

__all__ = [
    "ArtifactCancelled",
    "ArtifactCompleted",
    "ArtifactEvent",
    "ArtifactFailed",
    "ArtifactRequeued",
    "AssetAdded",
    "AssetRemoved",
    "AudienceEvent",
    "CaptionCorrected",
    "CaptionEvent",
    "CaptionFinalized",
    "CaptionLanguageChosen",
    "CaptionsConfigured",
    "CaptionsRedacted",
    "ChatDeleted",
    "ChatEdited",
    "ChatEvent",
    "ChatMuted",
    "ChatPinned",
    "ChatReacted",
    "ChatReactionWithdrawn",
    "ChatRulesChanged",
    "ChatSent",
    "ChatUnmuted",
    "ChatUnpinned",
    "DestinationChanged",
    "DestinationsSelected",
    "DoorEvent",
    "EgressEnded",
    "EgressEvent",
    "EgressStarted",
    "Event",
    "HandEvent",
    "HandLowered",
    "HandRaised",
    "InvitationAccepted",
    "InvitationCreated",
    "InvitationEvent",
    "InvitationRevoked",
    "ParticipantConnected",
    "ParticipantJoined",
    "ParticipantLeft",
    "ParticipantMuted",
    "ParticipantReadmitted",
    "ParticipantRemoved",
    "Payload",
    "PeopleEvent",
    "PermissionsChanged",
    "PollAnswered",
    "PollClosed",
    "PollCreated",
    "PollDeleted",
    "PollEdited",
    "PollEvent",
    "PollOpened",
    "ProgrammeQualityChosen",
    "QuestionAnswered",
    "QuestionAsked",
    "QuestionDismissed",
    "QuestionEvent",
    "QuestionUpvoteWithdrawn",
    "QuestionUpvoted",
    "RecordingAdded",
    "RecordingCompleted",
    "RecordingEvent",
    "RecordingKind",
    "RoomLocked",
    "RoomUnlocked",
    "RulesChanged",
    "SceneActivated",
    "SceneChanged",
    "SceneCreated",
    "SceneDeactivated",
    "SceneDeleted",
    "SessionCancelled",
    "SessionEdited",
    "SessionEnded",
    "SessionEvent",
    "SessionRescheduled",
    "SessionScheduled",
    "SessionStarted",
    "StoredEvent",
    "StudioEvent",
    "WhiteboardCleared",
    "WhiteboardDrawn",
    "WhiteboardErased",
    "WhiteboardEvent",
    "WhiteboardHidden",
    "WhiteboardShown",
    "Word",
    "event_type",
]

Event = (
    SessionEvent
    | PeopleEvent
    | InvitationEvent
    | EgressEvent
    | RecordingEvent
    | CaptionEvent
    | ArtifactEvent
    | AudienceEvent
    | PollEvent
    | StudioEvent
)


class StoredEvent(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An event with its place in the log; this is also what clients get by API, SSE and data channel."""

    id: UUID
    session_id: UUID
    sequence: int
    created_at: datetime
    payload: Event


def event_type(event: Event) -> str:
    return str(type(event).__struct_config__.tag)
