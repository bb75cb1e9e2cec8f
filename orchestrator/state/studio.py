"""What the class is shown. What is drawn on a board is not in it: strokes are many, and no decision needs them all."""

from typing import TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.studio import AssetType, Layout, PageSize, SceneMetadata, Slide

V = TypeVar("V")


class SceneState(msgspec.Struct, frozen=True):
    """`sequence` is that of its last event: the version an edit is based on."""

    name: str
    layout: Layout
    metadata: SceneMetadata
    sequence: int
    assets: tuple[UUID, ...] = ()
    slide: Slide | None = None


class AssetState(msgspec.Struct, frozen=True):
    """`key` is the object key of its folder of pages."""

    type: AssetType
    name: str
    key: str
    pages: tuple[PageSize, ...]
    scene_id: UUID | None = None


Scenes = dict[UUID, SceneState]
Assets = dict[UUID, AssetState]


class StudioState(msgspec.Struct, frozen=True):
    """Without an active scene the default layout is shown; `whiteboard` says whether the blank board lies over it."""

    scenes: Scenes = {}
    assets: Assets = {}
    active: UUID | None = None
    whiteboard: bool = False


def evolve(studio: StudioState, event: e.StoredEvent) -> StudioState:
    match event.payload:
        case e.SceneDeleted(scene_id=key):
            return _deleted(studio, key)
        case e.SceneDeactivated():
            return replace(studio, active=None)
        case e.SceneCreated() | e.SceneChanged() | e.SceneActivated() as told:
            return _on_scene(studio, told, event.sequence)
        case e.AssetAdded() | e.AssetRemoved() as told:
            return replace(studio, assets=_assets(studio.assets, told))
        case e.WhiteboardShown() | e.WhiteboardHidden() as told:
            return replace(studio, whiteboard=isinstance(told, e.WhiteboardShown))
        case _:
            return studio


def _on_scene(
    studio: StudioState, told: e.SceneCreated | e.SceneChanged | e.SceneActivated, sequence: int
) -> StudioState:
    key = told.scene_id
    match told:
        case e.SceneActivated():
            scene = replace(studio.scenes[key], sequence=sequence)
            studio = replace(studio, active=key)
        case e.SceneCreated():
            scene = SceneState(told.name, told.layout, told.metadata, sequence)
        case _:
            assets = tuple(told.assets)
            scene = SceneState(told.name, told.layout, told.metadata, sequence, assets, told.slide)
    return replace(studio, scenes={**studio.scenes, key: scene})


def _deleted(studio: StudioState, key: UUID) -> StudioState:
    """The files that came with a scene stay: another may show them."""
    assets = {
        other: replace(asset, scene_id=None) if asset.scene_id == key else asset
        for other, asset in studio.assets.items()
    }
    active = None if studio.active == key else studio.active
    return replace(studio, scenes=_without(studio.scenes, key), assets=assets, active=active)


def _assets(known: Assets, told: e.AssetAdded | e.AssetRemoved) -> Assets:
    if isinstance(told, e.AssetRemoved):
        return _without(known, told.asset_id)
    asset = AssetState(
        type=told.asset_type,
        name=told.name,
        key=told.key,
        pages=tuple(told.pages),
        scene_id=told.scene_id,
    )
    return {**known, told.asset_id: asset}


def _without(known: dict[UUID, V], key: UUID) -> dict[UUID, V]:
    return {other: value for other, value in known.items() if other != key}
