"""What the class is shown: scenes, slides, and what is drawn over them."""

from uuid import UUID

from schema.log.base import Payload
from schema.studio import AssetType, Layout, PageSize, SceneMetadata, Slide, Stroke


class SceneCreated(Payload, frozen=True, tag="scene.created"):
    scene_id: UUID
    name: str
    layout: Layout
    metadata: SceneMetadata
    created_by: UUID


class SceneChanged(Payload, frozen=True, tag="scene.changed"):
    """The whole scene as it is now; `assets` are what its slides come from, in order."""

    scene_id: UUID
    name: str
    layout: Layout
    metadata: SceneMetadata
    assets: list[UUID]
    slide: Slide | None
    changed_by: UUID


class SceneDeleted(Payload, frozen=True, tag="scene.deleted"):
    """When it was the active one, the default layout is shown again."""

    scene_id: UUID
    deleted_by: UUID


class SceneActivated(Payload, frozen=True, tag="scene.activated"):
    scene_id: UUID
    activated_by: UUID


class SceneDeactivated(Payload, frozen=True, tag="scene.deactivated"):
    """The default layout is shown again."""

    scene_id: UUID
    deactivated_by: UUID


class AssetAdded(Payload, frozen=True, tag="asset.added"):
    """`key` is the object key of the folder of pages: `0001.webp`, with the thumbnail `0001.small.webp`, and so on."""

    asset_id: UUID
    scene_id: UUID | None
    asset_type: AssetType
    name: str
    key: str
    pages: list[PageSize]
    added_by: UUID


class AssetRemoved(Payload, frozen=True, tag="asset.removed"):
    asset_id: UUID
    removed_by: UUID


class WhiteboardShown(Payload, frozen=True, tag="whiteboard.shown"):
    """The blank board lies over whatever the scene shows."""

    shown_by: UUID


class WhiteboardHidden(Payload, frozen=True, tag="whiteboard.hidden"):
    hidden_by: UUID


class WhiteboardDrawn(Payload, frozen=True, tag="whiteboard.drawn"):
    """`board_id` is the session (its blank board) or an asset; a stroke known already goes on with these points."""

    board_id: UUID
    page: int
    user_id: UUID
    strokes: list[Stroke]


class WhiteboardErased(Payload, frozen=True, tag="whiteboard.erased"):
    """Whole strokes, by the eraser or by undo."""

    board_id: UUID
    page: int
    user_id: UUID
    strokes: list[UUID]


class WhiteboardCleared(Payload, frozen=True, tag="whiteboard.cleared"):
    board_id: UUID
    page: int
    user_id: UUID


SceneEvent = SceneCreated | SceneChanged | SceneDeleted | SceneActivated | SceneDeactivated
AssetEvent = AssetAdded | AssetRemoved
WhiteboardEvent = (
    WhiteboardShown | WhiteboardHidden | WhiteboardDrawn | WhiteboardErased | WhiteboardCleared
)
StudioEvent = SceneEvent | AssetEvent | WhiteboardEvent
