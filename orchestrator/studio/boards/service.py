"""Drawing: lock the session, look at the strokes concerned, decide, append."""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import MODERATORS, Principal
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.roles import role_in
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from orchestrator.studio.boards import domain
from orchestrator.studio.boards.tables import whiteboard_strokes as strokes
from schema.errors import NotFound
from schema.events import Event
from schema.studio import BoardCommand, BoardReply, Draw, DrawnStroke, Erase, Whiteboard

STROKE = ("id", "user_id", "page", "color", "width", "points")


class Boards:
    """Every write raises NotFound, Forbidden, SessionOver, and SessionNotLive for students."""

    def __init__(self, events: EventLog[SessionState]) -> None:
        self._events = events

    async def draw(
        self, tx: Transaction, key: str, principal: Principal, board_id: UUID, command: Draw
    ) -> BoardReply:
        """Raises InvalidField, StudioFull."""
        session_id = command.session_id
        at = await self._place(tx, principal, session_id, board_id, command.page)
        known = await _known(tx, session_id, [stroke.id for stroke in command.strokes])
        count = await _count(tx, session_id, at)
        return await self._append(
            tx,
            key,
            principal,
            session_id,
            lambda state: domain.draw(state, session_id, at, command.strokes, known, count),
        )

    async def erase(
        self, tx: Transaction, key: str, principal: Principal, board_id: UUID, command: Erase
    ) -> BoardReply:
        session_id = command.session_id
        at = await self._place(tx, principal, session_id, board_id, command.page)
        known = await _known(tx, session_id, command.strokes)
        return await self._append(
            tx, key, principal, session_id, lambda s: domain.erase(s, session_id, at, known)
        )

    async def undo(
        self, tx: Transaction, key: str, principal: Principal, board_id: UUID, command: BoardCommand
    ) -> BoardReply:
        """Takes one's own last stroke away."""
        session_id = command.session_id
        at = await self._place(tx, principal, session_id, board_id, command.page)
        known = await _known(tx, session_id, await _last_own(tx, session_id, at))
        return await self._append(
            tx, key, principal, session_id, lambda s: domain.erase(s, session_id, at, known)
        )

    async def clear(
        self, tx: Transaction, key: str, principal: Principal, board_id: UUID, command: BoardCommand
    ) -> BoardReply:
        session_id = command.session_id
        at = await self._place(tx, principal, session_id, board_id, command.page)
        count = await _count(tx, session_id, at)
        return await self._append(
            tx, key, principal, session_id, lambda s: domain.clear(s, session_id, at, count)
        )

    async def show(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID, *, shown: bool
    ) -> BoardReply:
        """The blank board, for everybody."""
        await role_in(tx, principal, session_id, MODERATORS)
        decide = domain.show if shown else domain.hide
        return await self._append(
            tx, key, principal, session_id, lambda state: decide(state, principal.user_id)
        )

    async def _place(
        self, tx: Transaction, principal: Principal, session_id: UUID, board_id: UUID, page: int
    ) -> domain.Place:
        role = await role_in(tx, principal, session_id)
        # Before the strokes are looked at: what they are is decided on.
        await tx.execute(
            sa.select(sessions.c.id)
            .where(sessions.c.id == session_id, sessions.c.tenant_id == principal.tenant_id)
            .with_for_update()
        )
        return domain.Place(board_id, page, principal.user_id, staff=role in MODERATORS)

    async def _append(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        decide: Callable[[SessionState], list[Event]],
    ) -> BoardReply:
        await self._events.append(tx, principal.tenant_id, session_id, key, decide)
        reached = await tx.scalar(
            sa.select(sessions.c.last_sequence).where(sessions.c.id == session_id)
        )
        return BoardReply(sequence=reached)


async def whiteboard(tx: Transaction, session_id: UUID, board_id: UUID) -> Whiteboard:
    """All pages. Raises NotFound for a session that is not there."""
    # One statement: strokes and sequence are of the same moment.
    found = await tx.execute(
        sa.select(sessions.c.last_sequence, *(strokes.c[name] for name in STROKE))
        .join_from(
            sessions,
            strokes,
            (strokes.c.session_id == sessions.c.id) & (strokes.c.board_id == board_id),
            isouter=True,
        )
        .where(sessions.c.id == session_id)
        .order_by(strokes.c.sequence, strokes.c.position)
    )
    rows = found.mappings().all()
    if not rows:
        raise NotFound("There is no such session.")
    drawn = [
        DrawnStroke(**{name: row[name] for name in STROKE}) for row in rows if row["id"] is not None
    ]
    return Whiteboard(
        id=board_id, session_id=session_id, strokes=drawn, sequence=rows[0]["last_sequence"]
    )


async def _known(
    tx: Transaction, session_id: UUID, ids: list[UUID]
) -> dict[UUID, domain.DrawnState]:
    rows = await tx.execute(
        sa.select(strokes).where(strokes.c.session_id == session_id, strokes.c.id.in_(ids))
    )
    return {row["id"]: to_state(row) for row in rows.mappings()}


async def _count(tx: Transaction, session_id: UUID, at: domain.Place) -> int:
    return int(
        await tx.scalar(sa.select(sa.func.count()).select_from(strokes).where(*_on(session_id, at)))
    )


async def _last_own(tx: Transaction, session_id: UUID, at: domain.Place) -> list[UUID]:
    found = await tx.execute(
        sa.select(strokes.c.id)
        .where(*_on(session_id, at), strokes.c.user_id == at.user_id)
        .order_by(strokes.c.sequence.desc(), strokes.c.position.desc())
        .limit(1)
    )
    return list(found.scalars())


def _on(session_id: UUID, at: domain.Place) -> list[sa.ColumnElement[bool]]:
    return [
        strokes.c.session_id == session_id,
        strokes.c.board_id == at.board_id,
        strokes.c.page == at.page,
    ]


def to_state(row: sa.RowMapping) -> domain.DrawnState:
    return domain.DrawnState(
        board_id=row["board_id"],
        page=row["page"],
        user_id=row["user_id"],
        color=row["color"],
        width=row["width"],
        points=tuple(row["points"]),
    )
