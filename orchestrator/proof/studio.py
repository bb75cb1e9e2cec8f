"""Scenes, uploads and drawings. Strokes are not in the state, so their events are folded here."""

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

from msgspec.structs import asdict

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.state.session import SessionState
from orchestrator.studio.assets.tables import studio_assets
from orchestrator.studio.boards import domain as boards
from orchestrator.studio.boards.service import to_state
from orchestrator.studio.boards.tables import whiteboard_strokes
from orchestrator.studio.scenes.service import of_session
from schema.events import StoredEvent
from schema.studio import Scene

ASSET = ("type", "name", "key", "scene_id")
SCENE = ("name", "layout", "metadata", "slide", "sequence")


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    drawing: boards.Drawing = reduce(
        boards.evolve, (event.payload for event in events), boards.Drawing()
    )
    studio = state.studio
    return {
        "active scene": studio.active,
        **{
            f"scene {key}": {**_scene(scene), "assets": list(scene.assets)}
            for key, scene in studio.scenes.items()
        },
        **{
            f"asset {key}": {name: getattr(asset, name) for name in ASSET}
            | {"pages": [asdict(page) for page in asset.pages]}
            for key, asset in studio.assets.items()
        },
        "strokes": list(drawing),
        **{f"stroke {key}": stroke for key, stroke in drawing.items()},
    }
