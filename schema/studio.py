"""The studio: scenes, slides and whiteboards of a session; bodies of /api/studio."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from schema.base import Command, Wire

# What a scene shows: people, shared screen and slides, or a slate. The programme draws the same.
Layout = Literal[
    "grid",
    "speaker",
    "side_by_side",
    "slides_speaker",
    "screen_speaker",
    "slides",
    "single",
    "audio_only",
    "countdown",
    "waiting",
]
AssetType = Literal["slide", "whiteboard", "image"]

# PostgreSQL keeps no NUL, neither in text nor in JSON.
SceneName = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
Caption = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
Color = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")]
# Pages count from 1; a blank board has only the first.
PageNumber = Annotated[int, Meta(ge=1, le=1000)]
# Tenths of a thousandth of a board's width and height: the same place at every size.
Place = Annotated[int, Meta(ge=0, le=10_000)]


class SceneMetadata(Wire, frozen=True, forbid_unknown_fields=True):
    """What a scene says beside its layout. `countdown_to` is the moment a countdown slate counts to.

    `captions` burns what is said into the programme, `logo` shows the school's there. `backgroundAssetId` is an image of this
    session, which covers what is under the people.
    """

    title: Caption = ""
    lower_third: Caption = ""
    background_color: Color | None = None
    background_asset_id: UUID | None = None
    pinned_participant_id: UUID | None = None
    countdown_to: datetime | None = None
    captions: bool = False
    logo: bool = True


class Slide(Wire, frozen=True, forbid_unknown_fields=True):
    asset_id: UUID
    page: PageNumber = 1


class CreateScene(Command, frozen=True):
    session_id: UUID
    name: SceneName
    layout: Layout
    metadata: SceneMetadata = SceneMetadata()


class ChangeScene(Command, frozen=True):
    """What is left out stays; `slide` null shows none."""

    name: SceneName | UnsetType = UNSET
    layout: Layout | UnsetType = UNSET
    metadata: SceneMetadata | UnsetType = UNSET
    assets: Annotated[list[UUID], Meta(max_length=100)] | UnsetType = UNSET
    slide: Slide | UnsetType | None = UNSET


class Scene(Wire, frozen=True):
    """`sequence` is that of its last event, and its ETag; `assets` are what its slides come from, in order."""

    id: UUID
    session_id: UUID
    name: str
    layout: Layout
    metadata: SceneMetadata
    assets: list[UUID]
    slide: Slide | None
    active: bool
    sequence: int


class PageSize(Wire, frozen=True):
    width_px: int
    height_px: int


class AssetPage(Wire, frozen=True):
    """Links open for ten minutes; the thumbnail is at most 320 pixels wide."""

    content_url: str
    thumbnail_url: str
    width_px: int
    height_px: int


class Asset(Wire, frozen=True):
    """`content_url` is that of the first page."""

    id: UUID
    session_id: UUID
    scene_id: UUID | None
    type: AssetType
    name: str
    content_url: str
    pages: list[AssetPage]


class Stroke(Wire, frozen=True, forbid_unknown_fields=True):
    """`points` is x, y, x, y, ...; `width` counts as x does. A stroke sent again with its id goes on where it ended."""

    id: UUID
    color: Color
    width: Annotated[int, Meta(ge=1, le=1000)]
    points: Annotated[list[Place], Meta(min_length=2, max_length=1000)]


class Draw(Command, frozen=True):
    """On the blank board of a session (its id is the session's), or over a page of an asset."""

    session_id: UUID
    strokes: Annotated[list[Stroke], Meta(min_length=1, max_length=50)]
    page: PageNumber = 1


class BoardCommand(Command, frozen=True):
    """Body of undo and clear."""

    session_id: UUID
    page: PageNumber = 1


class Erase(Command, frozen=True):
    session_id: UUID
    strokes: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    page: PageNumber = 1


class BoardReply(Wire, frozen=True):
    """How far the session's log is with it."""

    sequence: int


class DrawnStroke(Wire, frozen=True):
    id: UUID
    user_id: UUID
    page: int
    color: str
    width: int
    points: list[int]


class Whiteboard(Wire, frozen=True):
    """All its strokes in drawing order, after the event `sequence` of the log: later events go on from there."""

    id: UUID
    session_id: UUID
    strokes: list[DrawnStroke]
    sequence: int
