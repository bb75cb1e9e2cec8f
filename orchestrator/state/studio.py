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
        case e.SceneCreated() | e.SceneChanged() | e.SceneActivated():
            return _on_scene(studio, event.payload, event.sequence)
        case e.SceneDeactivated():
            return replace(studio, active=None)
        case e.SceneDeleted(scene_id=key):
            return _deleted(studio, key)
        case e.AssetAdded(asset_id=key) as added:
            return replace(studio, assets={**studio.assets, key: _asset(added)})
        case e.AssetRemoved(asset_id=key):
            return replace(studio, assets=_without(studio.assets, key))
        case e.WhiteboardShown():
            return replace(studio, whiteboard=True)
        case e.WhiteboardHidden():
            return replace(studio, whiteboard=False)
        case _:
            return studio


def _on_scene(
    studio: StudioState, event: e.SceneCreated | e.SceneChanged | e.SceneActivated, sequence: int
) -> StudioState:
    key = event.scene_id
    match event:
        case e.SceneCreated():
            scene = SceneState(event.name, event.layout, event.metadata, sequence)
        case e.SceneChanged():
            scene = SceneState(
                event.name,
                event.layout,
                event.metadata,
                sequence,
                tuple(event.assets),
                event.slide,
            )
        case e.SceneActivated():
            scene = replace(studio.scenes[key], sequence=sequence)
            studio = replace(studio, active=key)
    return replace(studio, scenes={**studio.scenes, key: scene})


def _deleted(studio: StudioState, key: UUID) -> StudioState:
    """The files that came with a scene stay: another may show them."""
    assets = {
        other: replace(asset, scene_id=None) if asset.scene_id == key else asset
        for other, asset in studio.assets.items()
    }
    active = None if studio.active == key else studio.active
    return replace(studio, scenes=_without(studio.scenes, key), assets=assets, active=active)


def _asset(added: e.AssetAdded) -> AssetState:
    return AssetState(
        type=added.asset_type,
        name=added.name,
        key=added.key,
        pages=tuple(added.pages),
        scene_id=added.scene_id,
    )


def _without(known: dict[UUID, V], key: UUID) -> dict[UUID, V]:
    return {other: value for other, value in known.items() if other != key}
