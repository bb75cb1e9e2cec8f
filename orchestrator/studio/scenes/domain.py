"""What may be done with a scene: pure decisions on the folded state. Scenes are prepared and changed until class is over."""

from uuid import UUID

from msgspec import UNSET

from orchestrator.state.session import SessionState
from orchestrator.state.studio import SceneState
from schema import events as e
from schema.errors import InvalidField, NotFound, SessionOver, StaleEdit, StudioFull
from schema.studio import ChangeScene, CreateScene, SceneMetadata, Slide

# A class has a handful; the limit keeps the folded state small.
MAX_SCENES = 50


def require_open(state: SessionState) -> None:
    """Raises SessionOver."""
    if state.status in {"ended", "cancelled"}:
        raise SessionOver("The class is over; its studio can only be looked at.")


def find(state: SessionState, scene_id: UUID) -> SceneState:
    """Raises NotFound, also for a scene of another session."""
    scene = state.studio.scenes.get(scene_id)
    if scene is None:
        raise NotFound("There is no such scene in this session.")
    return scene


def create(
    state: SessionState, scene_id: UUID, command: CreateScene, user_id: UUID
) -> list[e.Event]:
    """Raises SessionOver, StudioFull, NotFound, InvalidField."""
    require_open(state)
    _require_background(state, command.metadata)
    if len(state.studio.scenes) >= MAX_SCENES:
        raise StudioFull(f"A session has at most {MAX_SCENES} scenes.")
    return [
        e.SceneCreated(
            scene_id=scene_id,
            name=command.name,
            layout=command.layout,
            metadata=command.metadata,
            created_by=user_id,
        )
    ]


def change(
    state: SessionState, scene_id: UUID, command: ChangeScene, based_on: int | None, user_id: UUID
) -> list[e.Event]:
    """A change to what is already so is none. Raises SessionOver, NotFound, StaleEdit, InvalidField."""
    scene = _editable(state, scene_id, based_on)
    assets = scene.assets if command.assets is UNSET else tuple(dict.fromkeys(command.assets))
    for asset_id in assets:
        if asset_id not in state.studio.assets:
            raise NotFound("There is no such asset in this session.")
    changed = e.SceneChanged(
        scene_id=scene_id,
        name=scene.name if command.name is UNSET else command.name,
        layout=scene.layout if command.layout is UNSET else command.layout,
        metadata=_metadata(state, scene, command),
        assets=list(assets),
        slide=_slide(state, scene, command, assets),
        changed_by=user_id,
    )
    return [] if changed == as_changed(scene_id, scene, user_id) else [changed]


def delete(
    state: SessionState, scene_id: UUID, based_on: int | None, user_id: UUID
) -> list[e.Event]:
    """Raises SessionOver, NotFound, StaleEdit."""
    _editable(state, scene_id, based_on)
    return [e.SceneDeleted(scene_id=scene_id, deleted_by=user_id)]


def activate(
    state: SessionState, scene_id: UUID, based_on: int | None, user_id: UUID
) -> list[e.Event]:
    """Showing what is shown changes nothing. Raises SessionOver, NotFound, StaleEdit."""
    _editable(state, scene_id, based_on)
    if state.studio.active == scene_id:
        return []
    return [e.SceneActivated(scene_id=scene_id, activated_by=user_id)]


def deactivate(
    state: SessionState, scene_id: UUID, based_on: int | None, user_id: UUID
) -> list[e.Event]:
    """Raises SessionOver, NotFound, StaleEdit."""
    _editable(state, scene_id, based_on)
    if state.studio.active != scene_id:
        return []
    return [e.SceneDeactivated(scene_id=scene_id, deactivated_by=user_id)]


def as_changed(scene_id: UUID, scene: SceneState, user_id: UUID) -> e.SceneChanged:
    """The scene as it is, as the event that would make it so."""
    return e.SceneChanged(
        scene_id=scene_id,
        name=scene.name,
        layout=scene.layout,
        metadata=scene.metadata,
        assets=list(scene.assets),
        slide=scene.slide,
        changed_by=user_id,
    )


def _editable(state: SessionState, scene_id: UUID, based_on: int | None) -> SceneState:
    require_open(state)
    scene = find(state, scene_id)
    StaleEdit.check(scene.sequence, based_on)
    return scene


def _metadata(state: SessionState, scene: SceneState, command: ChangeScene) -> SceneMetadata:
    if command.metadata is UNSET:
        return scene.metadata
    _require_background(state, command.metadata)
    return command.metadata


def _require_background(state: SessionState, says: SceneMetadata) -> None:
    """Raises NotFound, InvalidField."""
    if says.background_asset_id is None:
        return
    asset = state.studio.assets.get(says.background_asset_id)
    if asset is None:
        raise NotFound("There is no such asset in this session.")
    if asset.type != "image":
        raise InvalidField(
            "metadata.backgroundAssetId", "A background is an asset of the type image."
        )


def _slide(
    state: SessionState, scene: SceneState, command: ChangeScene, assets: tuple[UUID, ...]
) -> Slide | None:
    """The slide asked for, else the one there is as long as its asset stays. Raises InvalidField."""
    if command.slide is UNSET:
        kept = scene.slide
        return kept if kept is not None and kept.asset_id in assets else None
    if command.slide is None:
        return None
    if command.slide.asset_id not in assets:
        raise InvalidField("slide", "This slide is of an asset that the scene does not have.")
    if command.slide.page > len(state.studio.assets[command.slide.asset_id].pages):
        raise InvalidField("slide", "The asset has fewer pages.")
    return command.slide
