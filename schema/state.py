"""What the members of a class may know of its state: the answer of /api/sessions/{id}/state, at any place of its log.

The web client folds the log into the same shape (web/src/sessions/state); both are held to tests/data/folds.
"""

from datetime import datetime
from uuid import UUID

from schema.auth import RoleName
from schema.base import Wire
from schema.captions import CaptionSettings
from schema.people import Permissions, Rules
from schema.polls import PollQuestion
from schema.sessions import SessionStatus
from schema.studio import AssetType, Layout, PageSize, SceneMetadata, Slide


class PersonView(Wire, frozen=True):
    """Somebody who is or was in the class; `connections` counts the devices that are in the room now."""

    id: UUID
    name: str
    role: RoleName
    joined_at: datetime
    left_at: datetime | None
    connections: int
    permissions: Permissions
    hand_raised_at: datetime | None
    removed: bool
    guest: bool


class QuestionView(Wire, frozen=True):
    """A question still open; its text is in the list of questions."""

    id: UUID
    votes: int


class ChatView(Wire, frozen=True):
    """The rules of the chat; `muted` are participants, `pins` messages, the latest last."""

    open: bool
    slow_mode_s: int
    muted: list[UUID]
    pins: list[UUID]


class CaptionsView(Wire, frozen=True):
    """`settings` are null while the class follows its course; `languages` are what participants chose to speak."""

    settings: CaptionSettings | None
    languages: dict[UUID, str]
    redacted: list[UUID]


class SceneView(Wire, frozen=True):
    """`sequence` is that of its last event, and its ETag."""

    id: UUID
    name: str
    layout: Layout
    metadata: SceneMetadata
    assets: list[UUID]
    slide: Slide | None
    sequence: int


class AssetView(Wire, frozen=True):
    """Where its pages are to be had is in the list of assets, for links open only for a while."""

    id: UUID
    type: AssetType
    name: str
    pages: list[PageSize]


class StudioView(Wire, frozen=True):
    """Without an active scene the default layout is shown; `whiteboard` lays the blank board over it."""

    scenes: list[SceneView]
    assets: list[AssetView]
    active_scene: UUID | None
    whiteboard: bool


class PollView(Wire, frozen=True):
    """A poll that is open; `tally` is null where it is shown only after the poll has closed."""

    id: UUID
    question: PollQuestion
    responses: int
    tally: list[int] | None


class SessionView(Wire, frozen=True):
    """`at` is when event number `sequence` was written, the last one that counts here; null before the first."""

    sequence: int
    at: datetime | None
    status: SessionStatus
    title: str
    started_at: datetime | None
    ended_at: datetime | None
    participants: list[PersonView]
    rules: Rules
    questions: list[QuestionView]
    studio: StudioView
    polls: list[PollView]
    chat: ChatView
    captions: CaptionsView
