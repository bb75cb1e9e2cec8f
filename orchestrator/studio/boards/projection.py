"""Events to the rows of `whiteboard_strokes`."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction
from orchestrator.studio.boards.tables import whiteboard_strokes as strokes
from schema import events as e


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.WhiteboardDrawn() as drawn:
            await _draw(tx, tenant_id, event, drawn)
        case e.WhiteboardErased(strokes=ids):
            await _delete(tx, event, strokes.c.id.in_(ids))
        case e.WhiteboardCleared(board_id=board, page=page):
            await _delete(tx, event, strokes.c.board_id == board, strokes.c.page == page)
        case e.AssetRemoved(asset_id=board):
            await _delete(tx, event, strokes.c.board_id == board)
        case _:
            pass


async def _delete(tx: Transaction, event: e.StoredEvent, *which: sa.ColumnElement[bool]) -> None:
    here = strokes.c.session_id == event.session_id
    await tx.execute(sa.delete(strokes).where(here, *which))


async def _draw(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, drawn: e.WhiteboardDrawn
) -> None:
    rows = [
        {
            "session_id": event.session_id,
            "id": stroke.id,
            "tenant_id": tenant_id,
            "board_id": drawn.board_id,
            "page": drawn.page,
            "user_id": drawn.user_id,
            "color": stroke.color,
            "width": stroke.width,
            "points": stroke.points,
            "sequence": event.sequence,
            "position": position,
        }
        for position, stroke in enumerate(drawn.strokes)
    ]
    new = insert(strokes).values(rows)
    await tx.execute(
        new.on_conflict_do_update(
            constraint=strokes.primary_key,
            set_={"points": strokes.c.points.op("||")(new.excluded.points)},
        )
    )
