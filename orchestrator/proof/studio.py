"""Scenes, uploads and drawings. Strokes are not in the state, so their events are folded here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from orchestrator.state.studio import AssetState, SceneState
from orchestrator.studio.assets.tables import studio_assets
from orchestrator.studio.boards import domain as boards
from orchestrator.studio.boards.service import to_state
from orchestrator.studio.boards.tables import whiteboard_strokes
from orchestrator.studio.scenes.tables import studio_scenes
from schema.events import StoredEvent

SCENE = ("name", "layout", "metadata", "assets", "slide", "sequence")
ASSET = ("type", "name", "key", "pages", "scene_id")


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    drawing: boards.Drawing = {}
    for event in events:
        drawing = boards.evolve(drawing, event.payload)
    studio = state.studio
    return {
        "active scene": studio.active,
        "strokes in order": list(drawing),
        **{f"scene {key}": _plain(scene, SCENE) for key, scene in studio.scenes.items()},
        **{f"asset {key}": _plain(asset, ASSET) for key, asset in studio.assets.items()},
        **{f"stroke {key}": stroke for key, stroke in drawing.items()},
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    scenes = await rows_of(tx, studio_scenes, session_id)
    assets = await rows_of(tx, studio_assets, session_id)
    drawn = await rows_of(tx, whiteboard_strokes, session_id)
    drawn.sort(key=lambda row: (row["sequence"], row["position"]))
    return {
        "active scene": next((row["id"] for row in scenes if row["active"]), None),
        "strokes in order": [row["id"] for row in drawn],
        **{f"scene {row['id']}": picked(row, SCENE) for row in scenes},
        **{f"asset {row['id']}": picked(row, ASSET) for row in assets},
        **{f"stroke {row['id']}": to_state(row) for row in drawn},
    }


def _plain(state: SceneState | AssetState, names: tuple[str, ...]) -> Facts:
    """As the row has it: JSON where the column holds JSON."""
    return {name: _column(getattr(state, name)) for name in names}


def _column(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_column(one) for one in value]
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value
