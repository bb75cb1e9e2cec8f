"""What may be uploaded and removed: pure decisions on the folded state."""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from orchestrator.state.session import SessionState
from orchestrator.state.studio import SceneState
from orchestrator.studio.scenes.domain import as_changed, find, require_open
from schema import events as e
from schema.errors import InvalidField, NotFound, StudioFull
from schema.studio import AssetType, PageSize, Slide

MAX_ASSETS = 100
MAX_NAME_CHARS = 120


class NewAsset(msgspec.Struct, frozen=True):
    """`key` is the object key of its folder of pages."""

    id: UUID
    scene_id: UUID | None
    type: AssetType
    name: str
    key: str
    pages: list[PageSize]


def file_name(given: str) -> str:
    """What the upload was called, without folders and without what can't be shown or kept."""
    name = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in name if char.isprintable()).strip()
    return shown[:MAX_NAME_CHARS] or "Untitled"


def require_room(state: SessionState, scene_id: UUID | None) -> None:
    """Raises SessionOver, StudioFull, NotFound for a scene of another session."""
    require_open(state)
    if scene_id is not None:
        find(state, scene_id)
    if len(state.studio.assets) >= MAX_ASSETS:
        raise StudioFull(f"A session has at most {MAX_ASSETS} files; remove one first.")


def add(state: SessionState, new: NewAsset, user_id: UUID) -> list[e.Event]:
    """With a scene, its pages are the scene's last slides. Raises SessionOver, StudioFull, NotFound, InvalidField."""
    require_room(state, new.scene_id)
    if new.type == "image" and len(new.pages) > 1:
        raise InvalidField("type", "An image has one page; upload this as slides.")
    added = e.AssetAdded(
        asset_id=new.id,
        scene_id=new.scene_id,
        asset_type=new.type,
        name=new.name,
        key=new.key,
        pages=new.pages,
        added_by=user_id,
    )
    if new.scene_id is None:
        return [added]
    scene = find(state, new.scene_id)
    with_it = replace(
        scene,
        assets=(*scene.assets, new.id),
        slide=scene.slide or Slide(asset_id=new.id),
    )
    return [added, as_changed(new.scene_id, with_it, user_id)]


def remove(state: SessionState, asset_id: UUID, user_id: UUID) -> list[e.Event]:
    """It leaves every scene first. Raises SessionOver, NotFound."""
    require_open(state)
    if asset_id not in state.studio.assets:
        raise NotFound("There is no such asset in this session.")
    left = []
    for scene_id, scene in state.studio.scenes.items():
        without = _without(scene, asset_id)
        if without != scene:
            left.append(as_changed(scene_id, without, user_id))
    return [*left, e.AssetRemoved(asset_id=asset_id, removed_by=user_id)]


def _without(scene: SceneState, asset_id: UUID) -> SceneState:
    """Neither as a slide nor as its background."""
    says = scene.metadata
    if says.background_asset_id == asset_id:
        says = replace(says, background_asset_id=None)
    shown = scene.slide if scene.slide and scene.slide.asset_id != asset_id else None
    others = tuple(other for other in scene.assets if other != asset_id)
    return replace(scene, metadata=says, assets=others, slide=shown)
