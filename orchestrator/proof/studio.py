"""Scenes, uploads and drawings. Strokes are not in the state, so their events are folded here."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, plain, rows_of
from orchestrator.state.session import SessionState
from orchestrator.state.studio import AssetState, SceneState
from orchestrator.studio.assets.tables import studio_assets
from orchestrator.studio.boards import domain as boards
from orchestrator.studio.boards.tables import whiteboard_strokes
from orchestrator.studio.scenes.tables import studio_scenes
from schema.events import StoredEvent, WhiteboardDrawn

SCENE = ("name", "layout", "metadata", "assets", "slide", "sequence")
ASSET = ("type", "name", "key", "pages", "scene_id")
STROKE = ("board_id", "page", "user_id", "color", "width", "points")


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    studio = state.studio
    return {
        **{
            f"scene {key}": _plain(scene, SCENE) | {"active": key == studio.active}
            for key, scene in studio.scenes.items()
        },
        **{f"asset {key}": _plain(asset, ASSET) for key, asset in studio.assets.items()},
        **_strokes(events),
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    scenes = await rows_of(tx, studio_scenes, session_id)
    assets = await rows_of(tx, studio_assets, session_id)
    drawn = await rows_of(tx, whiteboard_strokes, session_id)
    return {
        **{f"scene {row['id']}": columns_of(row) for row in scenes},
        **{f"asset {row['id']}": columns_of(row) for row in assets},
        **{f"stroke {row['id']}": columns_of(row) for row in drawn},
    }


def _strokes(events: Sequence[StoredEvent]) -> Facts:
    drawing: boards.Drawing = {}
    begun: dict[UUID, Facts] = {}
    for event in events:
        if isinstance(event.payload, WhiteboardDrawn):
            places = enumerate(stroke.id for stroke in event.payload.strokes)
            begun |= {
                key: {"sequence": event.sequence, "position": position}
                for position, key in places
                if key not in drawing
            }
        drawing = boards.evolve(drawing, event.payload)
    return {f"stroke {key}": _plain(drawn, STROKE) | begun[key] for key, drawn in drawing.items()}


def _plain(state: SceneState | AssetState | boards.DrawnState, names: tuple[str, ...]) -> Facts:
    """As the row has it: JSON where the column holds JSON."""
    return {name: plain(getattr(state, name)) for name in names}
